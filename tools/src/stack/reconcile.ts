import { type ProcessSpec, fingerprint } from './process-spec.ts';

/** What the supervisor knows of one process of its own. */
export type Supervised = {
  id: string;
  rank: number;
  fingerprint: string;
  status: 'running' | 'stopping' | 'waiting';
  /** ms on the clock of `now`; only while waiting for a restart */
  retryAt: number;
};

export type Action =
  | { type: 'start'; spec: ProcessSpec }
  | { type: 'stop'; id: string }
  | { type: 'forget'; id: string };

/** What to do next to get from what runs to what is wanted. Called again after every change, it ends in no actions.
 *  A process with another fingerprint is stopped first; its successor starts when it is gone. Of what is to go, only the
 *  highest rank is stopped at a time, so that a service never loses its servers before it has ended.
 *  @param now ms on any clock that does not go back */
export function decideActions(wanted: ProcessSpec[], present: Supervised[], now: number): Action[] {
  const specs = new Map(wanted.map((spec) => [spec.id, spec]));
  const outdated = (one: Supervised): boolean => {
    const spec = specs.get(one.id);
    return !spec || fingerprint(spec) !== one.fingerprint;
  };
  const leaving = present.filter((one) => one.status !== 'waiting' && outdated(one));
  const highest = Math.max(...leaving.map((one) => one.rank));
  const stops = leaving.filter((one) => one.status === 'running' && one.rank === highest);
  const forgotten = present.filter((one) => one.status === 'waiting' && !specs.has(one.id));
  return [
    ...stops.map(({ id }): Action => ({ type: 'stop', id })),
    ...forgotten.map(({ id }): Action => ({ type: 'forget', id })),
    ...toStart(wanted, present, now).map((spec): Action => ({ type: 'start', spec })),
  ];
}

/** True when what is present is exactly what is wanted; a process that died and will be restarted counts as present. */
export function isSettled(wanted: ProcessSpec[], present: Supervised[]): boolean {
  const settled = new Set(present.filter((one) => one.status !== 'stopping').map((one) => `${one.id} ${one.fingerprint}`));
  return present.length === wanted.length && wanted.every((spec) => settled.has(`${spec.id} ${fingerprint(spec)}`));
}

function toStart(wanted: ProcessSpec[], present: Supervised[], now: number): ProcessSpec[] {
  const byId = new Map(present.map((one) => [one.id, one]));
  return wanted
    .filter((spec) => {
      const one = byId.get(spec.id);
      return !one || (one.status === 'waiting' && (now >= one.retryAt || one.fingerprint !== fingerprint(spec)));
    })
    .sort((a, b) => a.rank - b.rank);
}
