import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Gauge } from 'prom-client';
import { appLifecycle } from './app-lifecycle.ts';
import { openService, type OpenService } from './service.ts';
import { serviceSettings } from './settings.ts';
import { until } from './testing/until.ts';

const NOBODY = '127.0.0.1:9';

describe('a service', () => {
  class TestModule {}
  type Config = { httpPort: number };
  let service: OpenService<Config>;
  let postgres: { up(): void; down(reason: string): void };
  let leading = false;
  let finished: PromiseWithResolvers<void>;

  const ask = async (path: string) => {
    const { port } = service.nest.getHttpServer().address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };

  beforeEach(async () => {
    finished = Promise.withResolvers();
    const settings = { ...serviceSettings.parse({ httpPort: 0, logLevel: 'fatal' }), amqpUrl: `amqp://${NOBODY}`, redisUrl: `redis://${NOBODY}` };
    service = await openService<Config>({
      app: 'test',
      settings,
      stopTelemetry: async () => undefined,
      createModule: (context) => {
        postgres = context.dependencies.track('postgres');
        const leader = new Gauge({ name: 'test_leader', help: 'x', registers: [context.metrics] });
        context.report.current = () => {
          leader.set(leading ? 1 : 0);
          return { leader: leading, note: 'a note', details: {} };
        };
        return { module: TestModule, providers: [appLifecycle({ log: context.log, start: () => undefined, finish: [{ name: 'rest', run: () => finished.promise }], close: [] })] };
      },
    });
  });
  afterEach(() => {
    finished.resolve();
    return service.close();
  });

  test('lives at once, whatever is away; is ready when everything it waits for is up, and says what it waits for', async () => {
    expect(await ask('/health/live')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    const ready = await ask('/health/ready');
    expect([ready.status, JSON.parse(ready.text)]).toEqual([503, { status: 'waiting', waitingFor: ['postgres: connecting'], leader: false, note: 'a note' }]);
    postgres.up();
    expect(await ask('/health/ready')).toMatchObject({ status: 200, text: expect.stringContaining('"waitingFor":[]') });
    postgres.down('ECONNREFUSED');
    expect(await ask('/health/ready')).toMatchObject({ status: 503, text: expect.stringContaining('postgres: ECONNREFUSED') });
  });

  test('told to stop it is not ready from the first moment, whatever comes up, and says so while it ends what is in hand', async () => {
    postgres.up();
    const closed = service.close();
    expect(await ask('/health/ready')).toMatchObject({ status: 503, text: expect.stringContaining('"waitingFor":["stopping"]') });
    finished.resolve();
    expect(await closed).toBe(true);
  });

  test('tells its metrics, those that mirror its report as they are now', async () => {
    leading = true;
    const { status, type, text } = await ask('/metrics');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toMatch(/test_leader\{app="test",replica="1"\} 1/);
    expect(text).toMatch(/process_cpu_seconds_total\{app="test",replica="1"\} [\d.]+/);
  });
});

describe('a service process', () => {
  const running: ChildProcess[] = [];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'service-'));
  });
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  /** Lines that the log still held when the process ended are written before one that was being written. */
  function byTime(out: string): string {
    const timeOf = (line: string): string => /"time":"([^"]+)"/.exec(line)?.[1] ?? '';
    return out.split('\n').toSorted((a, b) => (timeOf(a) && timeOf(b) ? timeOf(a).localeCompare(timeOf(b)) : 0)).join('\n');
  }

  /** Four at once on a busy machine; nothing is said of how long a start may take. */
  const START_MS = 40_000;

  /** Starts the fixture. `ended` gives the exit code, the time since `signal`, and what it wrote. */
  async function start(env: Record<string, string>) {
    const port = env['HTTP_PORT'] ?? String(await freePort());
    const fixture = fileURLToPath(new URL('./testing/fixture-service.ts', import.meta.url));
    const child = spawn(process.execPath, [fixture], { env: { PATH: process.env['PATH'], CONFIG_DIR: folder, HTTP_PORT: port, SHUTDOWN_GRACE_SEC: '1', ...env } });
    running.push(child);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (out += String(chunk)));
    let signalledAt = 0;
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, tookMs: performance.now() - signalledAt, out: byTime(out) }));
    return {
      ended,
      async signal(signal: NodeJS.Signals, { times = 1, when = '"msg":"started"' } = {}) {
        await until(() => out.includes(when), START_MS);
        signalledAt = performance.now();
        for (let time = 0; time < times; time++) child.kill(signal);
        return ended;
      },
    };
  }

  test('ends with 0 on SIGTERM and SIGINT, however often; with 1 when something was lost, or when it takes longer than the grace period', async () => {
    const [term, int, fails, never] = await Promise.all([
      start({}).then((service) => service.signal('SIGTERM')),
      start({}).then((service) => service.signal('SIGINT', { times: 2 })),
      start({ ENDING: 'fails' }).then((service) => service.signal('SIGTERM')),
      start({ ENDING: 'never' }).then((service) => service.signal('SIGTERM')),
    ]);
    expect([term?.code, int?.code, fails?.code, never?.code]).toEqual([0, 0, 1, 1]);
    expect(term?.out).toMatch(/"signal":"SIGTERM","msg":"stopping".*"msg":"second step done".*"msg":"connections closed"/s);
    expect([term?.out, int?.out, fails?.out].map((out) => out?.includes('"msg":"stopped"'))).toEqual([true, true, true]);
    expect(fails?.out).toMatch(/"level":50,.*cannot end.*"msg":"second step done".*"msg":"connections closed"/s);
    expect(never?.out).toContain('did not stop within the grace period');
    expect(never?.tookMs).toBeGreaterThan(900);
    expect(never?.tookMs).toBeLessThan(4000);
  }, 60_000);

  test('what hangs is left after its time, and the later steps are done', async () => {
    const { code, out } = await (await start({ ENDING: 'late' })).signal('SIGTERM');
    expect([code, out]).toEqual([0, expect.stringMatching(/"level":40,.*"step":"first".*"msg":"second step done".*"msg":"connections closed"/s)]);
  }, 60_000);

  test('a signal during start-up ends it with 0: at once while nothing is held, else in order, once it is open', async () => {
    const [early, late] = await Promise.all([
      start({ OPENING: 'never' }).then((service) => service.signal('SIGTERM', { when: 'loading' })),
      start({ OPENING: 'late' }).then((service) => service.signal('SIGTERM', { when: 'loading' })),
    ]);
    expect([early?.code, early?.out]).toEqual([0, 'loading\n']);
    expect([late?.code, late?.out]).toEqual([0, expect.stringMatching(/"msg":"begins to work".*"msg":"second step done".*"msg":"connections closed"/s)]);
  }, 60_000);

  test('ends with 78 on a setting that is unknown, missing or wrong, naming it and never showing its value', async () => {
    writeFileSync(join(folder, 'default.yaml'), 'htpPort: 1\n');
    const unknown = await (await start({})).ended;
    writeFileSync(join(folder, 'default.yaml'), '');
    const wrong = await (await start({ ENDING: 'hunter2' })).ended;
    expect([unknown.code, wrong.code]).toEqual([78, 78]);
    expect(unknown.out).toBe('fixture: wrong settings: unknown setting htpPort\n');
    expect(wrong.out).toMatch(/^fixture: wrong settings: ending \(ENDING\): /);
    expect(wrong.out).not.toContain('hunter2');
  }, 60_000);

  test('ends with 1, and says so, when its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { code, out } = await (await start({ HTTP_PORT: String((server.address() as AddressInfo).port) })).ended;
    server.close();
    expect([code, out]).toEqual([1, expect.stringContaining('fixture: Error: listen EADDRINUSE')]);
    expect(out).toMatch(/"msg":"begins to work".*"msg":"second step done"/s); // what it had begun, it ended
  }, 60_000);
});
