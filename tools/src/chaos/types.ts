import type { AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import type { DuplicateKind, LedgerAttempt, MismatchKind } from '../ledger-check/check-ledger.ts';
import type { Invite } from './sipp-carrier.ts';

export type FaultKind = 'kill' | 'stop' | 'restart' | 'cut' | 'half-open' | 'flush' | 'delay';
export type Process = 'discador-master' | 'campaign-worker' | 'ari-monitor' | 'monitoring-worker' | 'gateway' | 'record-shipper';
export type Server = 'postgres' | 'redis' | 'rabbitmq' | 'asterisk';
/** A process, a server, or the connection of a process to a server. */
export type Target = Process | Server | `${Process}->${Server}`;

/** A line of the fault log (contract 11; from `counted` on our own). */
export interface FaultLine {
  /** ISO time */
  at: string;
  kind: FaultKind;
  target: Target;
  pid: number | null;
  signal: string | null;
  /** the target led, published, or had calls of its own */
  wasActive: boolean;
  /** calls in flight at that moment */
  inFlight: number;
  /** until the dialling was back at its former rate, from `backAt` or else from `at`; null when not measured, or when it did not come back */
  recoveredMs: number | null;
  /** it hit an active target with enough calls in flight, and did what it should */
  counted: boolean;
  /** no other fault near it */
  isolated: boolean;
  leader: boolean;
  /** epoch ms at which a killed server answered again */
  backAt: number | null;
  detail: string | null;
  /** the group of `ChaosResult.recovery` in which it was measured; null when it was not */
  group: string | null;
}

/** How long the dialling took to come back, over the faults of one group; null: some never did. */
export interface RecoveryRow {
  group: string;
  faults: number;
  p50Ms: number | null;
  p95Ms: number | null;
  maxMs: number | null;
  limitMs: number;
}

export type FindingKind =
  | MismatchKind | DuplicateKind
  // duplicates that the carrier saw
  | 'too_many_calls' | 'called_too_soon' | 'called_after_doubt'
  // lost between PBX and carrier
  | 'invite_without_attempt' | 'not_recorded' | 'no_invite' | 'shared_call' | 'contacts_missing'
  | 'stuck_contact' | 'in_doubt';

/** Something that the judge has to say. Never holds a phone number. */
export interface Finding {
  kind: FindingKind;
  attemptId?: string;
  contactId?: string;
  /** epoch ms */
  at?: number;
  why: string;
}

export interface JudgedCampaign {
  campaignId: string;
  maxAttempts: number;
  retryDelayMs: number;
  /** contacts that the import said it had stored */
  imported: number;
}

/** A row of report.contacts; times in milliseconds since 1970. */
export interface JudgedContact {
  contactId: string;
  campaignId: string;
  phones: string[];
  status: string;
  dueAt: number | null;
}

/** What a run leaves behind, once it has come to rest. Times in milliseconds since 1970; PBX, carrier and harness share one clock. */
export interface Evidence {
  /** the carrier's own log; digits, no plus */
  invites: readonly Invite[];
  /** the PBX's CEL, by attempt id */
  records: ReadonlyMap<string, AttemptFromCel>;
  /** when the harness ended Asterisk (a frozen one that goes on is none), and when the new one answered */
  pbxDeaths: readonly number[];
  pbxBacks: readonly number[];
  ledger: readonly LedgerAttempt[];
  contacts: readonly JudgedContact[];
  campaigns: readonly JudgedCampaign[];
  /** attempt ids in open_attempts */
  openAttempts: readonly string[];
}

export interface Verdict {
  /** INVITEs at the carrier */
  calls: number;
  /** attempts in the ledger */
  attempts: number;
  duplicates: Finding[];
  lost: Finding[];
  stuck: Finding[];
  /** every attempt in doubt, with what PBX and carrier know of it */
  inDoubt: Finding[];
  /** what would be lost, had Asterisk not died at that moment */
  excused: Finding[];
}

/** `result` of the measurement `chaos` (contracts 10 and 11). */
export interface ChaosResult {
  /** that count */
  faults: number;
  attempts: number;
  calls: number;
  duplicates: number;
  lost: number;
  stuck: number;
  /** what would be lost, had Asterisk not died at that moment */
  excused: number;
  swept: number;
  inferred: number;
  inDoubt: number;
  seconds: number;
  callsPerSecond: number;
  recovery: RecoveryRow[];
  inDoubtExplained: string[];
  findings: Finding[];
  /** kind → target → counted faults */
  byKind: Record<string, Record<string, number>>;
}
