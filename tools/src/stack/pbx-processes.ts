import { join } from 'node:path';
import { HOST, pbxName } from './addresses.ts';
import type { Desired } from './desired.ts';
import type { Home, Secrets } from './home.ts';
import { pbxPorts } from './port-block.ts';
import { type ProcessSpec, RANK } from './process-spec.ts';
import { argvBelow } from './unpack-debian.ts';

/** Files of one PBX that others read. */
export function pbxFiles(home: Home, name: string): { etcDir: string; celLog: string; cdrCsv: string; queueLog: string } {
  const dir = home.pbxDir(name);
  return {
    etcDir: join(dir, 'etc'),
    celLog: join(dir, 'log', 'cel-custom', 'cel.csv'),
    cdrCsv: join(dir, 'log', 'cdr-csv', 'Master.csv'),
    queueLog: join(dir, 'log', 'queue_log'),
  };
}

/** Asterisk through the dynamic loader of its own package set: it shares no library with the machine. */
export function asteriskArgv(root: string, etcDir: string): string[] {
  return argvBelow(root, 'usr/sbin/asterisk', '-C', join(etcDir, 'asterisk.conf'));
}

/** What asterisk/render.sh needs to write the configuration of one PBX. @param index 1-based */
export function renderEnvironment(desired: Desired, home: Home, secrets: Secrets, index: number): Record<string, string> {
  const ports = pbxPorts(desired.portBase, index);
  const name = pbxName(index);
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    ASTERISK_ROOT: desired.asteriskRoot,
    ASTERISK_HOME: home.pbxDir(name),
    PBX_NAME: name,
    AMI_PORT: String(ports.ami),
    AMI_BIND: HOST,
    ARI_PORT: String(ports.ari),
    ARI_BIND: HOST,
    SIP_PORT: String(ports.sip),
    SIP_BIND: HOST,
    AMI_DIALER_SECRET: secrets.amiDialer,
    AMI_MONITOR_SECRET: secrets.amiMonitor,
    ARI_OBSERVER_SECRET: secrets.ariObserver,
    SIP_AGENT_SECRET: secrets.sipAgent,
    RTP_START: '10000', // below the port blocks of the stacks
    RTP_END: '19999',
    TRUNK_URI: desired.trunkUri,
    AGENTS: String(desired.agents),
  };
}

/** @param configHash of the rendered configuration: another one restarts the PBX */
export function pbxProcess(desired: Desired, home: Home, index: number, configHash: string): ProcessSpec {
  const name = pbxName(index);
  const dir = home.pbxDir(name);
  const [loader = '', ...rest] = asteriskArgv(desired.asteriskRoot, join(dir, 'etc'));
  return {
    id: name,
    kind: 'pbx',
    name,
    replica: 1,
    rank: RANK.pbx,
    argv: [loader, ...rest, '-f'],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: dir, LANG: 'C.UTF-8' },
    cwd: dir,
    runAs: null,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 15_000,
    leftovers: [join(dir, 'run', 'asterisk.pid'), join(dir, 'run', 'asterisk.ctl')],
    configHash,
  };
}
