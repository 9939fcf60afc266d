import type { LegacyShape } from '@discador/contracts/legacy/legacy-call';

/** One field of one legacy message that says something else than its event, or than the golden message. */
export interface Difference {
  readonly against: 'event' | 'golden';
  readonly shape: LegacyShape;
  readonly callId: string;
  readonly operation: string;
  /** a path such as `data.origin`; `message` for a whole one that is missing or too many, `order` for a call's messages */
  readonly field: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

export type About = Pick<Difference, 'against' | 'shape' | 'callId' | 'operation'>;

/** Compares two messages field by field, whatever the order of their keys. */
export function differ(about: About, expected: object, actual: object): Difference[] {
  const [wanted, got] = [flatten(expected), flatten(actual)];
  const fields = [...new Set([...wanted.keys(), ...got.keys()])];
  return fields.filter((field) => wanted.get(field) !== got.get(field)).map((field) => ({ ...about, field, expected: wanted.get(field), actual: got.get(field) }));
}

/** Says a difference in one line. */
export function describe({ against, shape, callId, operation, field, expected, actual }: Difference): string {
  return `${operation} of ${callId} (${shape}): ${field} is ${say(actual)}, ${against === 'event' ? 'the event says' : 'golden'} ${say(expected)}`;
}

function say(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

/** Path → value of everything that is no object; an empty object counts as a value. */
function flatten(value: object, path: readonly string[] = []): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, key];
    const nested = typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0;
    if (nested) for (const [at, leaf] of flatten(inner as object, here)) fields.set(at, leaf);
    else fields.set(here.join('.'), typeof inner === 'object' ? JSON.stringify(inner) : inner);
  }
  return fields;
}
