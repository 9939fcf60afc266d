import { type Container, type Finding, nameOf, type PodTemplate, type Probe } from '../kube-object.ts';

/** What every pod of the release must be: without rights, within bounds, asked how it is, of an image that stays what it is. */
export function checkPod(pod: PodTemplate): Finding[] {
  const { owner, spec, containers } = pod;
  const long = owner.kind !== 'Job' && owner.kind !== 'Pod';
  const of = (name: string) => (says: string): Finding => ({ at: `${nameOf(owner)}, ${name}`, says });
  return [
    ...podSecurity(pod).map(of('pod')),
    ...portNames(containers).map(of('pod')),
    ...mounts(pod).map(of('pod')),
    ...containers.flatMap((container) =>
      [
        ...imageOf(container),
        ...resourcesOf(container),
        ...containerSecurity(container),
        ...probesOf(container, long, spec.initContainers.includes(container)),
      ].map(of(container.name)),
    ),
  ];
}

const when = (wrong: boolean, says: string): string[] => (wrong ? [says] : []);

function podSecurity({ spec }: PodTemplate): string[] {
  const { runAsNonRoot, runAsUser, seccompProfile } = (spec.securityContext ?? {}) as { runAsNonRoot?: boolean; runAsUser?: number; seccompProfile?: { type?: string } };
  return [
    ...when(spec.automountServiceAccountToken !== false, 'gets a service account token that it does not need: automountServiceAccountToken must be false'),
    ...when(runAsNonRoot !== true || !runAsUser, 'may run as root: runAsNonRoot must be true and runAsUser a number above 0'),
    ...when(seccompProfile?.type !== 'RuntimeDefault', 'has no seccompProfile RuntimeDefault'),
  ];
}

function containerSecurity({ securityContext }: Container): string[] {
  const { allowPrivilegeEscalation, readOnlyRootFilesystem, privileged, capabilities } = (securityContext ?? {}) as {
    allowPrivilegeEscalation?: boolean;
    readOnlyRootFilesystem?: boolean;
    privileged?: boolean;
    capabilities?: { drop?: string[]; add?: string[] };
  };
  return [
    ...when(allowPrivilegeEscalation !== false, 'allowPrivilegeEscalation must be false'),
    ...when(readOnlyRootFilesystem !== true, 'readOnlyRootFilesystem must be true'),
    ...when(privileged === true, 'is privileged'),
    ...when(!capabilities?.drop?.includes('ALL') || Boolean(capabilities.add?.length), 'keeps capabilities: drop ALL, add none'),
  ];
}

function imageOf({ image }: Container): string[] {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
  const tag = /:([A-Za-z0-9_][A-Za-z0-9._-]*)$/.exec(image)?.[1];
  return when(tag === undefined || tag === 'latest', `image ${image} is another one tomorrow: it needs a tag other than latest, or a digest`);
}

function resourcesOf({ resources }: Container): string[] {
  const has = (part: 'requests' | 'limits', name: string): boolean => Boolean(resources?.[part][name]);
  return [
    ...when(!has('requests', 'cpu') || !has('requests', 'memory'), 'requests no cpu or no memory'),
    ...when(!has('limits', 'memory'), 'has no limit of memory'),
  ];
}

/** @param long  whether it shall run for ever */
function probesOf(container: Container, long: boolean, sidecar: boolean): string[] {
  const { startupProbe, livenessProbe, readinessProbe } = container;
  const missing = long
    ? [...when(!livenessProbe, 'has no liveness probe'), ...when(!readinessProbe, 'has no readiness probe'), ...when(!sidecar && !startupProbe, 'has no startup probe')]
    : [];
  const asked = Object.entries({ startupProbe, livenessProbe, readinessProbe }).flatMap(([name, probe]) => probePort(container, probe).map((says) => `${name} ${says}`));
  return [...missing, ...asked];
}

function probePort(container: Container, probe: Probe | undefined): string[] {
  const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
  if (port === undefined) return when(probe !== undefined && !probe.exec, 'asks nothing');
  return when(!container.ports.some(({ name }) => name === port), `asks port ${port}, which is none of the container’s named ports`);
}

/** A port without a name cannot be probed, selected or allowed by name; two of one name or number are one too many. */
function portNames(containers: readonly Container[]): string[] {
  const ports = containers.flatMap((container) => container.ports);
  const twice = (keys: string[]): string[] => [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
  return [
    ...ports.flatMap(({ name, containerPort }) => when(!name || !/^(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/.test(name), `port ${containerPort} has no name, or one that is none`)),
    ...twice(ports.map(({ name }) => name ?? '')).map((name) => `two ports are called ${name}`),
    ...twice(ports.map(({ containerPort, protocol = 'TCP' }) => `${protocol} ${containerPort}`)).map((number) => `two ports are ${number}`),
  ];
}

function mounts({ spec, containers, claims }: PodTemplate): string[] {
  const volumes = [...spec.volumes.map(({ name }) => name), ...claims];
  const used = new Set(containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name)));
  return [
    ...[...used].filter((name) => !volumes.includes(name)).map((name) => `mounts ${name}, which is no volume of it`),
    ...volumes.filter((name) => !used.has(name)).map((name) => `has a volume ${name} that nobody mounts`),
  ];
}
