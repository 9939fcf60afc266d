import { DiscadorError } from '@discador/contracts/discador-error';
import { validate as isUuid } from 'uuid';
import type { AmiConnection } from './ami-connection.ts';
import { invalidAmiValue, type AmiAction } from './ami-message.ts';

export interface OriginateRequest {
  /** UUID; becomes the channel ids `<attemptId>;1` and `;2`, so that Asterisk itself refuses it while the first call lives. */
  attemptId: string;
  /** UUID; the channels' account code. */
  campaignId: string;
  /** E.164 digits without plus. */
  number: string;
  /** Where an answered call goes: `queue-<name>` or `hold`. */
  destination: string;
  /** 1–300. */
  ringTimeoutSec: number;
  /** Epoch second of the PBX's own clock after which the dial gate refuses the call. */
  dialBy: number;
  /** Digits, with or without plus. */
  callerId?: string;
  /** Inherited by both halves (`__NAME`); names [A-Z0-9_], values without commas, quotes or breaks. */
  variables?: Readonly<Record<string, string>>;
}

/** `inDoubt`: the PBX may have taken it, so it counts as an attempt until the PBX's records say otherwise; else nothing was dialled. */
export type OriginateResult = { queued: true } | { queued: false; reason: string; inDoubt: boolean };

const NUMBER = /^[0-9]{3,15}$/;
const CALLER_ID = /^\+?[0-9]{3,15}$/;
const DESTINATION = /^[a-z]+(-[A-Za-z0-9_-]{1,64})?$/;
const VARIABLE_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;
// A comma starts another variable, quotes and backslashes change how the rest is read, $ and braces are expressions.
const VARIABLE_VALUE = /^[A-Za-z0-9 ._:@/+-]{0,200}$/;
const RESPONSE_TIMEOUT_MS = 5_000;

function check(field: string, value: string, allowed: boolean): string {
  if (!allowed) throw invalidAmiValue(field, value);
  return value;
}

function wholeNumber(field: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) throw invalidAmiValue(field, value);
  return value;
}

function variable(name: string, value: string): string {
  check('Variable', name, VARIABLE_NAME.test(name));
  return `__${name}=${check('Variable', value, VARIABLE_VALUE.test(value))}`;
}

/** The Originate action of one attempt.
 *  @throws DiscadorError `invalid_ami_value` naming the field: this is the last edge before the PBX, whatever was checked before */
export function originateAction(request: OriginateRequest): AmiAction {
  const attemptId = check('attemptId', request.attemptId, isUuid(request.attemptId));
  const ringTimeoutSec = wholeNumber('ringTimeoutSec', request.ringTimeoutSec, 1, 300);
  const dialBy = wholeNumber('dialBy', request.dialBy, 1_000_000_000, 99_999_999_999);
  const { callerId, variables = {} } = request;
  return {
    Action: 'Originate',
    ActionID: attemptId,
    Channel: `Local/${check('number', request.number, NUMBER.test(request.number))}@dial-gate/n`,
    ChannelId: `${attemptId};1`,
    OtherChannelId: `${attemptId};2`,
    Context: 'campaign',
    Exten: check('destination', request.destination, DESTINATION.test(request.destination)),
    Priority: 1,
    Timeout: ringTimeoutSec * 1000,
    Account: check('campaignId', request.campaignId, isUuid(request.campaignId)),
    Async: 'true',
    ...(callerId === undefined ? {} : { CallerID: check('callerId', callerId, CALLER_ID.test(callerId)) }),
    Variable: [
      variable('ATTEMPT_ID', attemptId),
      variable('DIAL_BY', String(dialBy)),
      variable('RING_TIMEOUT', String(ringTimeoutSec)),
      ...Object.entries(variables).map(([name, value]) => variable(name, value)),
    ],
  };
}

/** Hands one call to the PBX. `queued` says only that the PBX took the order: what became of the call comes as events.
 *  @throws DiscadorError `invalid_ami_value`; nothing else, being away is a result */
export async function originate(ami: AmiConnection, request: OriginateRequest): Promise<OriginateResult> {
  const action = originateAction(request);
  try {
    const answer = await ami.action(action, RESPONSE_TIMEOUT_MS);
    if (answer['Response'] === 'Success') return { queued: true };
    return { queued: false, reason: answer['Message'] ?? 'refused', inDoubt: false };
  } catch (error) {
    if (!(error instanceof DiscadorError) || error.code === 'invalid_ami_value') throw error;
    return { queued: false, reason: error.code, inDoubt: error.details['sent'] === true };
  }
}
