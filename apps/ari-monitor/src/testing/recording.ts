import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const FIXTURES = new URL('../../../../libs/domain/src/calls/fixtures/', import.meta.url);

/** A recorded call, its ids made new so that nothing remembers it. */
export function recording(name: string): { attempt: string; lines: string[] } {
  const text = readFileSync(new URL(`${name}.ari.jsonl`, FIXTURES), 'utf8');
  const before = /"id":"([0-9a-f-]{36});1"/.exec(text)?.[1] ?? '';
  const attempt = before.slice(0, 24) + randomUUID().slice(24);
  return { attempt, lines: text.replaceAll(before, attempt).split('\n').filter(Boolean) };
}
