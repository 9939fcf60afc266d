import { askHelm } from './helm-program.ts';
import { CHART } from './chart.ts';
import type { Finding } from './kube-object.ts';

/** Values that somebody could give, and a part of what helm must say to them. */
export const WRONG_VALUES: { set: string; says: RegExp }[] = [
  { set: 'gatway.replicas=2', says: /additional properties 'gatway' not allowed/ },
  { set: 'master.replicas=0', says: /master\/replicas.*minimum/s },
  { set: 'campaignWorker.replicas=two', says: /campaignWorker\/replicas.*integer/s },
  { set: 'master.settings.tickMs=10', says: /master\/settings\/tickMs.*minimum: got 10, want 50/s },
  { set: 'master.settings.tickMS=250', says: /additional properties 'tickMS' not allowed/ },
  { set: 'postgresql.url=mysql://localhost/discador', says: /postgresql\/url.*pattern/s },
  { set: 'image.tag=latest', says: /image\/tag/ },
  { set: 'image.digests.gateway=sha256:abc', says: /image\/digests\/gateway.*pattern/s },
  { set: 'asterisk.trunkUri=carrier.example.com', says: /asterisk\/trunkUri.*pattern/s },
  { set: 'campaignWorker.autoscaling.kind=vpa', says: /autoscaling\/kind.*'none', 'hpa', 'keda'/s },
  { set: 'ariMonitor.resources.limits=null', says: /ariMonitor\/resources/ },
  { set: 'logLevel=verbose', says: /logLevel/ },
  { set: 'pbxs[0].name=a', says: /pbxs\/0.*missing propert/s },
  { set: 'postgresql.url=', says: /postgresql: give its url, or name the existingSecret/ },
  { set: 'redis.trial=true', says: /redis: url and trial are given; one is enough/ },
  { set: 'asterisk.replicas=0', says: /no PBX: set asterisk\.replicas/ },
  { set: 'campaignWorker.autoscaling.kind=keda', says: /keda needs prometheusUrl/ },
  { set: 'gateway.ingress.enabled=true', says: /gateway\.ingress: tlsSecret is missing/ },
  { set: 'asterisk.trunkUri=sip:carrier.example.com', says: /needs hostNetwork or hostPorts/ },
];

/** Gives helm each of them on top of values that are right: it must refuse, and say what is wrong. */
export async function tryWrongValues(helm: string, rightValues: string): Promise<Finding[]> {
  const findings = await Promise.all(
    WRONG_VALUES.map(async ({ set, says }): Promise<Finding[]> => {
      const { ok, stderr } = await askHelm(helm, ['template', 'demo', CHART, '--values', rightValues, '--set', set]);
      if (ok) return [{ at: set, says: 'is not refused' }];
      return says.test(stderr) ? [] : [{ at: set, says: `is refused without saying ${says.source}: ${stderr.trim()}` }];
    }),
  );
  return findings.flat();
}
