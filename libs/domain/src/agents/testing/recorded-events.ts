import { readFileSync } from 'node:fs';
import type { AmiEvent } from '../ami-event.ts';

/** The events of a recorded AMI stream in `fixtures/`. */
export function recordedEvents(name: string): AmiEvent[] {
  const text = readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
  return text.trim().split(/\r?\n\r?\n/).map((block) =>
    Object.fromEntries(block.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    })),
  );
}
