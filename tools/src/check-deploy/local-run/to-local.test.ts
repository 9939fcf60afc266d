import { toLocal, type LocalServers } from './to-local.ts';

const servers: LocalServers = {
  postgres: 'postgres://me@127.0.0.1:1/discador',
  redis: 'redis://127.0.0.1:2',
  amqp: 'amqp://me@127.0.0.1:3',
  amiDialer: 'tcp://dialer:a@127.0.0.1:4',
  amiMonitor: 'tcp://monitor:b@127.0.0.1:4',
  ari: 'http://observer:c@127.0.0.1:5',
  gateway: 'http://127.0.0.1:3000',
};
const local = (env: Record<string, string>): Record<string, string> => toLocal(env, servers, new Map([['/var/lib/discador/spool', '/tmp/x']]));

test('addresses of servers become local ones, each with the login of its user', () => {
  const env = {
    DATABASE_URL: 'postgresql://app:s@pg-rw.voice:5432/app',
    REDIS_URL: 'redis://:s@redis:6379',
    AMQP_URL: 'amqp://u:s@mq:5672/',
    AMI_URL: 'tcp://dialer:s@pbx-0:5038,tcp://dialer:s@pbx-1:5038',
    ARI_URL: 'http://observer:s@pbx-0:8088',
    API_URL: 'http://demo-discador-gateway',
  };
  expect(local(env)).toEqual({
    DATABASE_URL: servers.postgres,
    REDIS_URL: servers.redis,
    AMQP_URL: servers.amqp,
    AMI_URL: `${servers.amiDialer},${servers.amiDialer}`,
    ARI_URL: servers.ari,
    API_URL: servers.gateway,
  });
  expect(local({ AMI_URL: 'tcp://monitor:s@pbx-0:5038' })).toEqual({ AMI_URL: servers.amiMonitor });
});

test('paths below a volume move, everything else stays', () => {
  const env = { SPOOL_DIR: '/var/lib/discador/spool/events', OTHER: '/var/lib/discador/spooler', HTTP_HOST: '0.0.0.0', TICK_MS: '250', PBX_NAME: 'pbx-0,pbx-1' };
  expect(local(env)).toEqual({ ...env, SPOOL_DIR: '/tmp/x/events' });
});
