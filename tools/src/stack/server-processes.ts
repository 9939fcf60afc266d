import { join } from 'node:path';
import { HOST } from './addresses.ts';
import type { Desired } from './desired.ts';
import { OFFSET } from './port-block.ts';
import { type ProcessSpec, RANK } from './process-spec.ts';

const STOP_TIMEOUT_MS = 20_000;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The processes of our own servers, in the foreground, on TCP ports of 127.0.0.1 only. */
export function serverProcesses(desired: Desired): ProcessSpec[] {
  const wanted = new Set(desired.servers);
  return [
    ...(wanted.has('postgres') ? [postgres(desired)] : []),
    ...(wanted.has('redis') ? [redis(desired)] : []),
    ...(wanted.has('rabbitmq') ? [epmd(desired), rabbitmq(desired)] : []),
  ];
}

function server(desired: Desired, name: string, argv: string[], more: Partial<ProcessSpec> = {}): ProcessSpec {
  const cwd = join(desired.dataDir, name);
  return {
    id: name,
    kind: 'server',
    name,
    replica: 1,
    rank: RANK.server,
    argv,
    env: { PATH, LANG: 'C.UTF-8', HOME: cwd },
    cwd,
    runAs: desired.runAs,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: STOP_TIMEOUT_MS,
    leftovers: [],
    configHash: '',
    ...more,
  };
}

function postgres(desired: Desired): ProcessSpec {
  const settings = {
    port: desired.portBase + OFFSET.postgres,
    listen_addresses: HOST,
    unix_socket_directories: '',
    max_connections: 200,
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    jit: 'off', // the hot statements are short: planning for the compiler costs more than it saves
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const argv = [desired.programs.postgres ?? '', '-D', join(desired.dataDir, 'postgres'), ...options];
  return server(desired, 'postgres', argv, { stopSignal: 'SIGINT' }); // SIGTERM would wait for clients to go
}

function redis(desired: Desired): ProcessSpec {
  const port = String(desired.portBase + OFFSET.redis);
  const where = ['--port', port, '--bind', HOST, '--dir', join(desired.dataDir, 'redis')];
  const how = ['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction', '--daemonize', 'no'];
  return server(desired, 'redis', [desired.programs.redis ?? '', ...where, ...how]);
}

function epmd(desired: Desired): ProcessSpec {
  const argv = [desired.programs.epmd ?? '', '-port', String(desired.portBase + OFFSET.epmd), '-address', HOST];
  return server(desired, 'epmd', argv, { cwd: join(desired.dataDir, 'rabbitmq'), rank: RANK.epmd });
}

function rabbitmq(desired: Desired): ProcessSpec {
  const env = { PATH, ...rabbitmqEnvironment(desired) };
  return server(desired, 'rabbitmq', [desired.programs.rabbitmq ?? ''], { env });
}

/** What makes rabbitmq-server and rabbitmqctl ours: node, ports, folders. */
export function rabbitmqEnvironment(desired: Desired): Record<string, string> {
  const dir = join(desired.dataDir, 'rabbitmq');
  return {
    HOME: dir, // holds .erlang.cookie
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: 'discador@localhost',
    RABBITMQ_NODE_IP_ADDRESS: HOST,
    RABBITMQ_NODE_PORT: String(desired.portBase + OFFSET.amqp),
    RABBITMQ_DIST_PORT: String(desired.portBase + OFFSET.amqpDist),
    RABBITMQ_MNESIA_BASE: join(dir, 'mnesia'),
    RABBITMQ_LOG_BASE: join(dir, 'log'),
    RABBITMQ_PID_FILE: join(dir, 'pid'),
    RABBITMQ_CONFIG_FILE: join(dir, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: join(dir, 'rabbitmq-env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'enabled_plugins'),
    // Without the second part idle schedulers spin, which would be counted as the broker's CPU per call.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
    ERL_EPMD_PORT: String(desired.portBase + OFFSET.epmd),
    ERL_EPMD_ADDRESS: HOST,
    RUNNING_UNDER_SYSTEMD: 'true', // the script then becomes the Erlang VM instead of starting it in the background
  };
}
