import { readGolden } from '../golden.ts';
import { type KubeObject, parseObjects } from '../kube-object.ts';

/** The objects of a committed rendering, to be broken. */
export const goldenObjects = (name: string): KubeObject[] => parseObjects(readGolden(name) ?? '');

/** An object of the release, by its kind and what follows the release's name. */
export function objectOf(objects: readonly KubeObject[], kind: string, component: string): KubeObject {
  const found = objects.find((one) => one.kind === kind && one.metadata.name.endsWith(`-${component}`));
  if (!found) throw new Error(`there is no ${kind} …-${component}`);
  return found;
}

/** A part of an object, by its path: `spec.template.spec.containers.0`. */
export function partOf(object: KubeObject, path: string): Record<string, unknown> {
  const part = path.split('.').filter(Boolean).reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], object);
  if (typeof part !== 'object' || part === null) throw new Error(`there is no ${path} in ${object.kind} ${object.metadata.name}`);
  return part as Record<string, unknown>;
}

/** A committed rendering with something in it changed. */
export function broken(name: string, kind: string, component: string, path: string, change: Record<string, unknown>): KubeObject[] {
  const objects = goldenObjects(name);
  Object.assign(partOf(objectOf(objects, kind, component), path), change);
  return objects;
}
