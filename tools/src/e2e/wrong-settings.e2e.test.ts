import { createServer, type Server } from 'node:net';
import { HOST } from '../stack/addresses.ts';
import { startService } from './service-child.ts';

const SECRET = 'geheim-7731';

let trap: Server;
let base: Record<string, string>;
let connections = 0;

beforeAll(async () => {
  trap = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => trap.listen(0, HOST, resolve));
  const address = trap.address();
  const at = `${HOST}:${typeof address === 'object' && address ? address.port : 0}`;
  base = {
    DATABASE_URL: `postgres://user:${SECRET}@${at}/discador`,
    REDIS_URL: `redis://${at}`,
    AMQP_URL: `amqp://user:${SECRET}@${at}`,
    AMI_URL: `tcp://user:${SECRET}@${at}`,
    ARI_URL: `http://user:${SECRET}@${at}`,
    PBX_NAME: 'pbx1',
    CEL_LOG: '/tmp/cel.csv',
    CDR_CSV: '/tmp/Master.csv',
    HTTP_PORT: '0',
  };
});

afterAll(() => new Promise((resolve) => trap.close(resolve)));

test.each([
  ['gateway', 'STATUS_TIMEOUT_MS', SECRET],
  ['discador-master', 'REDIS_URL', `http://:${SECRET}@${HOST}:1`],
  ['campaign-worker', 'AMI_URL', `http://user:${SECRET}@${HOST}:1`],
  ['ari-monitor', 'SPOOL_DIR', `/dev/null/${SECRET}`],
  ['ari-monitor', 'ARI_URL', `ftp://user:${SECRET}@${HOST}:1`],
  ['monitoring-worker', 'DATABASE_URL', `mysql://user:${SECRET}@${HOST}:1`],
  ['record-shipper', 'CEL_LOG', SECRET],
])('%s refuses a wrong %s with 78 and its name, never its value, before it connects', async (service, variable, value) => {
  connections = 0;
  const child = startService(service, { ...base, [variable]: value });
  expect(await child.ended).toBe(78);
  expect(child.output()).toContain(variable);
  expect(child.output()).not.toContain(SECRET);
  expect(connections).toBe(0);
}, 20_000);
