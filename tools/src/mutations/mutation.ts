import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { EXIT, StackError } from '../stack/stack-error.ts';

export type TestKind = 'unit' | 'it' | 'e2e';

/** One guard taken away on purpose, and the test that must notice. */
export interface Mutation {
  /** the patch's file name without `.patch` */
  name: string;
  /** the rule that is broken, in a few words */
  guard: string;
  /** what would happen to a person called, or to the one who runs the calls */
  breaks: string;
  test: { kind: TestKind; path: string; name: string | null };
  /** absolute */
  file: string;
}

const SUFFIX: Record<TestKind, RegExp> = { unit: /(?<!\.it|\.e2e)\.test\.ts$/, it: /\.it\.test\.ts$/, e2e: /\.e2e\.test\.ts$/ };

const testSchema = z
  .string({ error: 'Test: is missing, and a patch that no test notices proves nothing' })
  .regex(/^(unit|it|e2e) +\S+\.test\.ts( +-t +\S.*)?$/, 'Test: reads unit|it|e2e PATH [-t NAME]')
  .transform((text) => {
    const [, kind = '', path = '', name = null] = /^(\S+) +(\S+)(?: +-t +'?(.*?)'?)?$/.exec(text) ?? [];
    return { kind: kind as TestKind, path, name };
  })
  .refine(({ kind, path }) => SUFFIX[kind].test(path), 'Test: the file is of another kind');

const headerSchema = z.strictObject({ Guard: z.string().min(1), Breaks: z.string().min(1), Test: testSchema });

/** Reads a patch's header: lines `Name: text` before the diff, each name once.
 *  @throws StackError (exit 1) that names the file and what is wrong with it */
export function parseMutation(file: string, text: string): Mutation {
  const name = basename(file, '.patch');
  const diffAt = text.search(/^diff --git /m);
  if (diffAt < 0) throw invalid(name, 'there is no diff (`git diff`) in it');
  const lines = text.slice(0, diffAt).split('\n').filter((line) => line.trim() !== '');
  const parsed = headerSchema.safeParse(Object.fromEntries(lines.map((line) => splitHeader(name, line))));
  if (!parsed.success) throw invalid(name, parsed.error.issues.map((issue) => [...issue.path.slice(0, 1), issue.message].join(': ')).join('; '));
  const { Guard: guard, Breaks: breaks, Test: test } = parsed.data;
  return { name, guard, breaks, test, file };
}

function splitHeader(name: string, line: string): [string, string] {
  const match = /^([A-Z][a-z]+): +(.*?) *$/.exec(line);
  if (!match?.[1] || match[2] === undefined) throw invalid(name, `a line of its header is not "Name: text": ${line}`);
  return [match[1], match[2]];
}

function invalid(name: string, what: string): StackError {
  return new StackError(`${name}.patch: ${what}`, EXIT.failed);
}

/** All mutations of a folder, by name.
 *  @param only a kind of test, or part of a name, a guard or a test's path; all when not given
 *  @throws StackError (exit 1) at the first patch whose header is wrong; (exit 2) when `only` fits none */
export function readMutations(folder: string, only?: string): Mutation[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.patch')).sort();
  const all = files.map((file) => parseMutation(join(folder, file), readFileSync(join(folder, file), 'utf8')));
  const chosen = all.filter((mutation) => only === undefined || fits(mutation, only));
  if (chosen.length === 0) throw new StackError(`no patch in ${folder}${only === undefined ? '' : ` fits ${only}`}`, EXIT.usage);
  return chosen;
}

function fits({ name, guard, test }: Mutation, only: string): boolean {
  if (only in SUFFIX) return test.kind === only;
  return [name, guard, test.path].some((text) => text.includes(only));
}
