import type { Desired } from './desired.ts';
import { MAX_PBX, SERVICE_NAMES, type ServiceName, maxReplicas } from './port-block.ts';
import { EXIT, StackError } from './stack-error.ts';

/** What `up` may be told. */
export type UpOptions = {
  /** DiscadorMaster replicas, default 1 */
  masters?: number;
  /** CampaignWorker replicas, default 2, each dialling over all PBXs */
  workers?: number;
  /** ARI monitors per PBX, default 1 */
  monitors?: number;
  /** PBXs of ours, default 1; no meaning when one is given by AMI_URL and ARI_URL */
  pbx?: number;
  /** simulated agents per PBX, default 10 */
  agents?: number;
  /** servers and PBX, no service of ours, no migration */
  serversOnly?: boolean;
  /** false: the caller has built already */
  build?: boolean;
  /** replaces TRUNK_URI; '' = the simulated carrier */
  trunkUri?: string;
  /** further variables for every service (`*`) or for one by its name */
  env?: Record<string, Record<string, string>>;
};

/** @throws StackError (2) that names the option */
export function checkOptions(options: UpOptions): void {
  const between = (name: string, value: number | undefined, least: number, most: number): void => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new StackError(`--${name} must be a whole number from ${least} to ${most}`, EXIT.usage);
  };
  between('pbx', options.pbx, 0, MAX_PBX);
  between('masters', options.masters, 0, maxReplicas('discador-master'));
  between('workers', options.workers, 0, maxReplicas('campaign-worker'));
  between('monitors', options.monitors, 0, Math.floor(maxReplicas('ari-monitor') / Math.max(1, options.pbx ?? 1)));
  between('agents', options.agents, 0, 99);
  const unknown = Object.keys(options.env ?? {}).find((name) => name !== '*' && !SERVICE_NAMES.includes(name as ServiceName));
  if (unknown) throw new StackError(`there is no service ${unknown}: ${SERVICE_NAMES.join(', ')}`, EXIT.usage);
}

/** The replicas of every service.
 *  @param pbx how many PBXs there are, given ones included
 *  @param records whether the PBX's own records are files that can be read here */
export function servicesFor(options: UpOptions, pbx: number, records: boolean): Desired['services'] {
  if (options.serversOnly) return [];
  const replicas: Record<ServiceName, number> = {
    'discador-master': options.masters ?? 1,
    'campaign-worker': options.workers ?? 2,
    'ari-monitor': (options.monitors ?? 1) * pbx,
    'monitoring-worker': pbx,
    'record-shipper': records ? pbx : 0,
    gateway: 1,
  };
  return SERVICE_NAMES.map((name) => ({ name, replicas: replicas[name] })).filter((service) => service.replicas > 0);
}
