import { z } from 'zod';
import { type Finding, type KubeObject, nameOf } from './kube-object.ts';
import { FOREIGN_KINDS, KUBERNETES_KINDS } from './live-kinds.ts';

/** Holds each object against the schema of its kind. A kind, or a version of it, that is not among the live ones is a finding. */
export function validateObjects(objects: readonly KubeObject[]): Finding[] {
  return objects.flatMap((object) => {
    const kind = `${object.apiVersion} ${object.kind}`;
    const at = nameOf(object);
    const foreign = FOREIGN_KINDS[kind];
    if (foreign) return issuesOf(foreign.safeParse(object)).map((says) => ({ at, says }));
    const Model = KUBERNETES_KINDS[kind];
    if (!Model) return [{ at, says: `${kind} is not among the kinds and versions that clusters serve today (live-kinds.ts)` }];
    const says = refusalOf(() => new Model(object as never).validate());
    return says === null ? [] : [{ at, says }];
  });
}

const issuesOf = (result: z.ZodSafeParseResult<unknown>): string[] => result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

function refusalOf(validate: () => void): string | null {
  try {
    validate();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
