import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { FakeAriServer } from '../testing/fake-ari-server.ts';
import { AriHttp } from './ari-http.ts';
import { AriSocket } from './ari-socket.ts';

const quiet = (): void => undefined;
const open: { close(): Promise<void> }[] = [];

async function server(): Promise<FakeAriServer> {
  const fake = await new FakeAriServer().listen();
  open.push(fake);
  return fake;
}

/** @param pingEveryMs  null: what production has */
function connect(url: string, pingEveryMs: number | null = 50) {
  const seen: string[] = [];
  let wake = quiet;
  let failed = 0;
  const onTry = (): void => {
    failed += 1;
    wake();
  };
  const note = (what: string): void => {
    seen.push(what);
    wake();
  };
  const socket = new AriSocket({
    url,
    application: 'discador-test',
    log: { debug: onTry, info: quiet, warn: onTry, error: quiet }, // told after each try that failed
    ...(pingEveryMs === null ? {} : { pingEveryMs }),
    onEvent: (raw) => note(`event ${raw.toString()}`),
    onUp: () => note('up'),
    onDown: (reason) => note(`down: ${reason}`),
  });
  open.unshift(socket);
  socket.start();
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve));
  };
  const reach = async (count: number): Promise<string[]> => {
    await until(() => seen.length >= count);
    return seen;
  };
  return { socket, reach, tries: (count: number) => until(() => failed >= count) };
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe('AriSocket', () => {
  it('delivers events, and opens again after the server dropped it', async () => {
    const fake = await server();
    const { reach } = connect(fake.url);
    await reach(1);
    fake.send('one');
    await reach(2);
    fake.dropAll();
    await reach(4);
    fake.send('two');
    expect(await reach(5)).toEqual(['up', 'event one', 'down: closed with code 1006', 'up', 'event two']);
    expect(fake.streams).toBe(1);
  });

  it('cuts a silent peer and comes back when it answers again, one socket at a time', async () => {
    const fake = await server();
    const { reach } = connect(fake.url);
    await reach(1);
    fake.silent = true;
    expect((await reach(2))[1]).toBe('down: silent');
    fake.silent = false;
    fake.dropAll();
    expect((await reach(3))[2]).toBe('up');
    expect(fake.streams).toBe(1);
  }, 15_000);

  it('is replaced on request, with the reason', async () => {
    const fake = await server();
    const { socket, reach } = connect(fake.url);
    await reach(1);
    socket.cut('deaf');
    expect(await reach(3)).toEqual(['up', 'down: deaf', 'up']);
  });

  it('opens the next stream only when the PBX has closed the one that it replaces', async () => {
    const fake = await server();
    const { socket, reach } = connect(fake.url, null);
    await reach(1);
    fake.pauseAll(true);
    socket.cut('deaf');
    await new Promise((resolve) => setTimeout(resolve, 600)); // time for a second one, if it may
    expect([fake.opened, fake.streams]).toEqual([1, 1]);
    fake.pauseAll(false);
    expect(await reach(3)).toEqual(['up', 'down: deaf', 'up']);
  });

  it('does not wait for ever for a PBX that does not close', async () => {
    const fake = await server();
    const { socket, reach } = connect(fake.url, null);
    await reach(1);
    fake.pauseAll(true);
    socket.cut('deaf');
    expect(await reach(3)).toEqual(['up', 'down: deaf', 'up']);
  });

  it('closes in the middle of a try that gets no answer', async () => {
    const fake = await server();
    fake.silent = true;
    const { socket } = connect(fake.url);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = performance.now();
    await socket.close();
    expect(performance.now() - before).toBeLessThan(1_500);
  });
});

describe('AriHttp', () => {
  it('reads the channels and leaves out what is none', async () => {
    const fake = await server();
    fake.channels = [{ id: 'a;1', name: 'Local/1@x;1', state: 'Up', creationtime: '2026-11-20T23:42:50.976+0000' }, { id: 7 }];
    expect(await new AriHttp(fake.url).channels()).toMatchObject([{ id: 'a;1', state: 'Up', exten: '' }]);
    expect(await new AriHttp(fake.url).channel('b')).toBeNull();
  });

  it.each([
    ['a server error', (fake: FakeAriServer) => void (fake.answersLooks = false)],
    ['no answer in time', (fake: FakeAriServer) => void (fake.silent = true)],
  ])('says ari_down for %s', async (_what, spoil) => {
    const fake = await server();
    spoil(fake);
    await expect(new AriHttp(fake.url, 100).channels()).rejects.toMatchObject({ code: 'ari_down', retry: 'later' });
  });
});

describe('with the times of production', () => {
  it('is back within a second when the PBX answers again, however long it was away', async () => {
    const fake = await server();
    const { port } = fake;
    const { reach, tries } = connect(fake.url, null);
    await reach(1);
    await fake.close();
    await tries(12); // the delay has long reached its bound
    const back = new FakeAriServer();
    open.push(await back.listen(port));
    const answersSince = performance.now();
    await reach(3);
    expect(performance.now() - answersSince).toBeLessThan(1_000);
  }, 15_000);

  it('finds a half-open stream within three seconds and is back', async () => {
    const fake = await server();
    const proxy = new TcpProxy(fake.url);
    open.push(proxy);
    const url = await proxy.open(fake.url);
    const { reach } = connect(url, null);
    await reach(1);
    const http = new AriHttp(url);
    await http.channels();
    proxy.freeze(); // nobody closes, nobody answers; new connections pass
    expect(await http.channels()).toEqual([]); // not over a connection kept from before
    const frozenAt = performance.now();
    expect(await reach(3)).toEqual(['up', 'down: silent', 'up']);
    expect(performance.now() - frozenAt).toBeLessThan(3_000);
  }, 15_000);
});
