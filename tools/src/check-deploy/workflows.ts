import { parse } from 'yaml';
import { z } from 'zod';
import type { Finding } from './kube-object.ts';

const access = z.enum(['read', 'write', 'none']);
const permissions = z.partialRecord(z.enum(['actions', 'attestations', 'checks', 'contents', 'id-token', 'issues', 'packages', 'pull-requests', 'security-events']), access);
const value = z.union([z.string(), z.number(), z.boolean()]);

const stepSchema = z
  .strictObject({ name: z.string(), id: z.string(), if: z.string(), uses: z.string(), run: z.string(), with: z.record(z.string(), value), env: z.record(z.string(), value) })
  .partial()
  .refine(({ uses, run }) => (uses === undefined) !== (run === undefined), 'must either use an action or run something');

const jobSchema = z.strictObject({
  name: z.string().optional(),
  if: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  'runs-on': z.string(),
  container: z.strictObject({ image: z.string(), options: z.string().optional() }).optional(),
  permissions: permissions.optional(),
  strategy: z.strictObject({ matrix: z.record(z.string(), z.array(value)), 'fail-fast': z.boolean().optional() }).optional(),
  'timeout-minutes': z.number({ error: 'is missing: a job that hangs would run for six hours' }),
  env: z.record(z.string(), value).optional(),
  steps: z.array(stepSchema).min(1),
});

const workflowSchema = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({ contents: z.literal('read', 'may only be read; a job that needs more says so itself') }, { error: 'must be contents: read and nothing else' }),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() }),
  jobs: z.record(z.string(), jobSchema),
});

type Job = z.infer<typeof jobSchema>;
type Step = z.infer<typeof stepSchema>;

/** Checks a workflow of GitHub's: its shape, least permissions, and that what it uses and runs is there and stays what it is.
 *  @param scripts  of package.json */
export function checkWorkflow(at: string, text: string, scripts: readonly string[]): Finding[] {
  const parsed = workflowSchema.safeParse(parse(text));
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => ({ at: `${at}: ${path.join('.')}`, says: message }));
  const { jobs } = parsed.data;
  return Object.entries(jobs).flatMap(([name, job]) => {
    const needs = [job.needs ?? []].flat().filter((other) => !jobs[other]).map((other) => `needs ${other}, which is no job`);
    return [...needs, ...job.steps.flatMap((step) => [...usesOf(step), ...runsOf(step, scripts), ...secretsOf(step, job)])].map((says) => ({ at: `${at}: ${name}`, says }));
  });
}

function usesOf({ uses, with: inputs }: Step): string[] {
  if (uses === undefined) return [];
  const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses) || /^docker:\/\/[\w./-]+:[\w.]*\d+\.\d+\.\d+$/.test(uses);
  const keeps = uses.startsWith('actions/checkout@') && inputs?.['persist-credentials'] !== false;
  return [
    ...(pinned ? [] : [`uses ${uses}, which is another one tomorrow: it needs a commit, or an image's exact version`]),
    ...(keeps ? ['leaves its token in the checkout: persist-credentials must be false'] : []),
  ];
}

/** Whatever comes from outside (a title, a branch's name) is code when it stands in a script; it belongs into `env`. */
const FROM_OUTSIDE = /\$\{\{\s*(github\.(event\.(issue|pull_request|comment|review|head_commit)|head_ref)|inputs\.)/;

function runsOf({ run }: Step, scripts: readonly string[]): string[] {
  if (run === undefined) return [];
  const wanted = [...run.matchAll(/\bnpm (?:run (?:-s )?)?([a-z][a-z0-9:-]*)/g)].map((match) => match[1] ?? '').filter((name) => name !== 'ci');
  return [
    ...wanted.filter((script) => !scripts.includes(script)).map((script) => `runs npm run ${script}, which is no script`),
    ...(FROM_OUTSIDE.test(run) ? ['puts what others wrote into a script: give it as env'] : []),
  ];
}

/** A token that may write is given to jobs that say what they write. */
function secretsOf(step: Step, { permissions: own }: Job): string[] {
  const token = JSON.stringify([step.env, step.with]).includes('secrets.GITHUB_TOKEN');
  return token && !own ? ['uses the token without saying what for (permissions)'] : [];
}
