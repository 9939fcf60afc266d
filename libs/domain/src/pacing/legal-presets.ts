import { DiscadorError } from '@discador/contracts/discador-error';
import type { WindowRule } from './share-window.ts';

export type LegalPresetName = 'us' | 'uk' | 'br';

/** What a law says of abandoned calls, as of a date: a reading for engineers, which counsel confirms. */
export interface LegalPreset {
  readonly law: string;
  /** day from which the rule holds in this form */
  readonly since: string;
  /** abandoned calls as a share of live answers, per campaign */
  readonly abandonLimit: number;
  readonly window: WindowRule;
  /** an answered call without an agent is abandoned after this time */
  readonly graceSec: number;
  readonly leastRingSec: number;
}

const HOUR = 3600;

/** Windows are kept in whole buckets: a bucket counts until all of it is older than the law's window, so that never less than that is judged. */
export const LEGAL_PRESETS: Readonly<Record<LegalPresetName, LegalPreset>> = {
  us: {
    law: 'FCC, 47 CFR 64.1200(a)(6)–(7), as amended by FCC 12-21; FTC, 16 CFR 310.4(b)(4): at most 3 % of live answers per campaign and 30 days',
    since: '2012-11-15',
    abandonLimit: 0.03,
    window: { bucketSec: HOUR, buckets: 30 * 24 + 1 },
    graceSec: 2,
    leastRingSec: 15,
  },
  uk: {
    law: 'Ofcom, persistent misuse, statement of 20 December 2016: no rate is acceptable in itself; the former 3 % in 24 hours is kept as an alarm',
    since: '2017-03-01',
    abandonLimit: 0.03,
    window: { bucketSec: HOUR / 12, buckets: 24 * 12 + 1 },
    graceSec: 2,
    leastRingSec: 15,
  },
  br: {
    law: 'Anatel, Despacho Decisório 22/2024/RCTS/SRC: limits short calls (see SHORT_CALLS_BR) and names no rate of abandonment; 3 % in 24 hours is a rule of the house',
    since: '2024-06-01',
    abandonLimit: 0.03,
    window: { bucketSec: HOUR / 12, buckets: 24 * 12 + 1 },
    graceSec: 2,
    leastRingSec: 15,
  },
};

/** Short calls in Brazil, counted per caller number and calendar day with `share-window.ts`: of all calls, those not completed, gone to voice mail, or
 *  hung up within six seconds. A caller with 100,000 calls or more on a day, 85 % of them short, is blocked. */
export const SHORT_CALLS_BR = {
  since: '2024-06-01',
  shortSec: 6,
  blockedFromCalls: 100_000,
  blockedFromShare: 0.85,
  alarmFromShare: 0.75,
  /** a day of UTC−3 */
  window: { bucketSec: 24 * HOUR, buckets: 1, offsetSec: 3 * HOUR } satisfies WindowRule,
} as const;

/** A preset with an operator's own, stricter numbers.
 *  @throws DiscadorError `invalid_input`, which names the field, when one is looser than the law's */
export function tighten(name: LegalPresetName, own: Partial<Pick<LegalPreset, 'abandonLimit' | 'graceSec' | 'leastRingSec'>>): LegalPreset {
  const preset = LEGAL_PRESETS[name];
  const looser =
    (own.abandonLimit !== undefined && own.abandonLimit > preset.abandonLimit && 'abandonLimit') ||
    (own.graceSec !== undefined && own.graceSec > preset.graceSec && 'graceSec') ||
    (own.leastRingSec !== undefined && own.leastRingSec < preset.leastRingSec && 'leastRingSec');
  if (looser) throw new DiscadorError('invalid_input', `${looser} is looser than the preset ${name} allows`, { details: { field: looser } });
  return { ...preset, ...own };
}
