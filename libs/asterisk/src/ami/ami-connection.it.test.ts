import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { amiText, FakeAmiPeer, type FakeAmiOptions } from '../testing/fake-ami-peer.ts';
import { AmiConnection } from './ami-connection.ts';
import { Originator } from './originator.ts';

const errors: string[] = [];
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (_details: object, message: string) => void errors.push(message) };
const PING_MS = 60;
const open: { close(): Promise<void> }[] = [];

async function peerWith(options: FakeAmiOptions = {}): Promise<FakeAmiPeer> {
  const peer = await new FakeAmiPeer(options).listen();
  open.push(peer);
  return peer;
}

/** A started connection, and its ups and downs as they come.
 *  @param pingEveryMs  null: what production has */
function connect(url: string, pingEveryMs: number | null = PING_MS) {
  const seen: string[] = [];
  let wake = (): void => undefined;
  const note = (what: string): void => {
    seen.push(what);
    wake();
  };
  const ami = new AmiConnection({ url, name: 'pbx1', log, ...(pingEveryMs === null ? {} : { pingEveryMs }), onUp: () => note('up'), onDown: (reason) => note(`down: ${reason}`) });
  open.unshift(ami);
  ami.start();
  const reach = async (count: number): Promise<string[]> => {
    while (seen.length < count) await new Promise<void>((resolve) => (wake = resolve));
    return seen;
  };
  return { ami, seen, reach };
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe('AmiConnection', () => {
  it('logs in, learns the clock offset, and reports up', async () => {
    const peer = await peerWith();
    const { ami, reach } = connect(peer.url);
    await reach(1);
    expect(ami.up).toBe(true);
    expect(ami.clockOffsetMs).toBeGreaterThan(59_000);
    expect(ami.clockOffsetMs).toBeLessThan(61_000);
    expect(peer.received[0]).toContain('Secret: s@cret');
  });

  it('gives each of 100 actions at once its own response, answered in reverse', async () => {
    const held: string[] = [];
    const peer = await peerWith({
      answer: (action, _raw, socket) => {
        held.push(amiText({ Response: 'Success', ActionID: action.get('ActionID') ?? '', Echo: action.get('Data') ?? '' }));
        if (held.length === 100) socket.write(held.reverse().join(''));
        return null;
      },
    });
    const { ami, reach } = connect(peer.url);
    await reach(1);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => ami.action({ Action: 'Echo', Data: String(i) })));
    expect(answers.map((answer) => answer['Echo'])).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
  });

  it('fails at once with ami_down while away, and what was pending when the connection goes', async () => {
    const peer = await peerWith({ answer: (_action, _raw, socket) => (socket.destroy(), null) });
    const { ami, reach } = connect(peer.url);
    await expect(ami.action({ Action: 'CoreStatus' })).rejects.toMatchObject({ code: 'ami_down', details: { sent: false } });
    await reach(1);
    await expect(ami.action({ Action: 'CoreStatus' })).rejects.toMatchObject({ code: 'ami_down', details: { sent: true } });
    expect(await reach(3)).toEqual(['up', 'down: closed by the peer', 'up']);
  });

  it('cuts a peer that went silent, and comes back', async () => {
    const peer = await peerWith();
    const { ami, reach } = connect(peer.url);
    await reach(1);
    peer.silent = true;
    const pending = ami.action({ Action: 'CoreStatus' });
    await expect(pending).rejects.toMatchObject({ code: 'ami_down', details: { reason: 'silent' } });
    peer.silent = false;
    expect(await reach(3)).toEqual(['up', 'down: silent', 'up']);
  });

  it('finds a half-open connection within three seconds with the times of production, and is back', async () => {
    const peer = await peerWith();
    const proxy = new TcpProxy(peer.url);
    open.push(proxy);
    const { ami, reach } = connect(await proxy.open(peer.url), null);
    await reach(1);
    proxy.freeze(); // nobody closes, nobody answers; new connections pass
    const frozenAt = performance.now();
    await expect(ami.action({ Action: 'CoreStatus' })).rejects.toMatchObject({ code: 'ami_down', details: { reason: 'silent', sent: true } });
    expect(await reach(3)).toEqual(['up', 'down: silent', 'up']);
    expect(performance.now() - frozenAt).toBeLessThan(3_000);
  });

  it('is back within a second and a half of a PBX that was away for long', async () => {
    const peer = await peerWith();
    const proxy = new TcpProxy(peer.url);
    open.push(proxy);
    const { reach } = connect(await proxy.open(peer.url));
    await reach(1);
    await proxy.close();
    await sleep(5_000); // enough tries for the delay to have reached its bound
    await proxy.open(peer.url);
    const backAt = performance.now();
    await reach(3);
    expect(performance.now() - backAt).toBeLessThan(1_500);
  }, 15_000);

  it('cuts a peer that is silent before the login, without leaking its socket', async () => {
    const peer = await peerWith();
    peer.silent = true;
    const { reach } = connect(peer.url);
    while (peer.accepted < 2) await sleep(10);
    expect(peer.sockets.size).toBeLessThanOrEqual(1);
    peer.silent = false;
    expect(await reach(1)).toEqual(['up']);
    await sleep(10);
    expect(peer.sockets.size).toBe(1);
  });

  it('goes on after refused logins, closing their sockets', async () => {
    let refusals = 0;
    const peer = await peerWith({ acceptLogin: () => ++refusals > 2 });
    const { reach } = connect(peer.url);
    await reach(1);
    expect(peer.accepted).toBe(3);
    expect(peer.sockets.size).toBe(1);
  });

  it('survives a message cut in the middle and starts clean on the next connection', async () => {
    const peer = await peerWith();
    const { ami, reach } = connect(peer.url);
    const events: string[] = [];
    ami.on('*', (event) => events.push(event['Event'] ?? ''));
    await reach(1);
    peer.write('Event: Half\r\nUniq');
    await sleep(20);
    peer.dropAll();
    await reach(3);
    peer.write('Event: Who');
    peer.write('le\r\nUniqueid: 1\r\n\r\nEvent: Next\r\n\r\n');
    while (events.length < 2) await sleep(5);
    expect(events).toEqual(['Whole', 'Next']);
  });

  it('takes an OriginateResponse, which carries Response, for the event that it is', async () => {
    const peer = await peerWith();
    const { ami, reach } = connect(peer.url);
    await reach(1);
    const got = new Promise((resolve) => ami.on('OriginateResponse', resolve));
    peer.write(amiText({ Event: 'OriginateResponse', ActionID: 'x', Response: 'Failure', Reason: '3' }));
    await expect(got).resolves.toMatchObject({ Event: 'OriginateResponse', Response: 'Failure' });
  });

  it('keeps the stream going when a handler throws', async () => {
    const peer = await peerWith();
    const { ami, reach } = connect(peer.url);
    await reach(1);
    ami.on('Boom', () => {
      throw new Error('bad handler');
    });
    const off = ami.on('Fine', () => expect('taken off').toBe('never called'));
    off();
    const last = new Promise((resolve) => ami.on('Last', resolve));
    peer.write(amiText({ Event: 'Boom' }) + amiText({ Event: 'Fine' }) + amiText({ Event: 'Last' }));
    await last;
    expect(errors).toEqual(['AMI event handler failed']);
  });

  it('sends nothing of an action with an injected header', async () => {
    const peer = await peerWith();
    const { ami, reach } = connect(peer.url);
    await reach(1);
    await expect(ami.action({ Action: 'Originate', Channel: 'Local/1\r\nApplication: System' })).rejects.toMatchObject({ code: 'invalid_ami_value' });
    await ami.action({ Action: 'CoreStatus' });
    expect(peer.received.join('\n')).not.toContain('System');
  });

  it('refuses an ActionID that is already waiting, and more than it may hold', async () => {
    const peer = await peerWith({ answer: () => null });
    const { ami, reach } = connect(peer.url, 2_000);
    await reach(1);
    const waiting = [ami.action({ Action: 'A', ActionID: 'same' }, 50), ...Array.from({ length: 1_999 }, () => ami.action({ Action: 'A' }, 50))];
    await expect(ami.action({ Action: 'A', ActionID: 'same' })).rejects.toMatchObject({ code: 'ami_overloaded' });
    await expect(ami.action({ Action: 'A' })).rejects.toMatchObject({ code: 'ami_overloaded', details: { sent: false } });
    const results = await Promise.allSettled(waiting);
    expect(results.every((result) => result.status === 'rejected' && result.reason.code === 'ami_timeout')).toBe(true);
    expect(ami.pending).toBe(0);
  });

  it('reconnects many times without growing listeners or sockets', async () => {
    const peer = await peerWith();
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown): number => warnings.push(warning);
    process.on('warning', onWarning);
    const { reach } = connect(peer.url);
    for (let round = 1; round <= 12; round += 1) {
      await reach(round * 2 - 1);
      peer.dropAll();
      await reach(round * 2);
    }
    await reach(25);
    process.off('warning', onWarning);
    expect(peer.sockets.size).toBe(1);
    expect(warnings).toEqual([]);
  }, 20_000);

  it('closes while it waits for a server that is not there', async () => {
    const peer = await peerWith();
    const url = peer.url;
    await peer.close();
    open.splice(open.indexOf(peer), 1);
    const { ami } = connect(url);
    await sleep(30);
    await ami.close();
    expect(ami.up).toBe(false);
  });
});

describe('Originator', () => {
  const request = {
    campaignId: '019aa3f0-2222-7000-8000-000000000002',
    number: '5511987654321',
    destination: 'hold',
    ringTimeoutSec: 20,
    dialBy: 1_795_218_149,
  };
  const id = (n: number): string => `019aa3f0-1111-7000-8000-00000000000${n}`;

  it('counts what was sent until its channel, its response, or a refusal shows', async () => {
    const peer = await peerWith({
      answer: (action) => amiText({ Response: action.get('ActionID') === id(4) ? 'Error' : 'Success', ActionID: action.get('ActionID') ?? '', Message: 'Extension does not exist.' }),
    });
    const { ami, reach } = connect(peer.url);
    await reach(1);
    const originator = new Originator(ami);
    for (const n of [1, 2, 3]) expect(await originator.originate({ ...request, attemptId: id(n) })).toEqual({ queued: true });
    expect(await originator.originate({ ...request, attemptId: id(4) })).toEqual({ queued: false, reason: 'Extension does not exist.', inDoubt: false });
    expect(originator.unseen).toBe(3);
    const last = new Promise((resolve) => ami.on('Last', resolve));
    peer.write(amiText({ Event: 'Newchannel', Uniqueid: `${id(1)};2` }) + amiText({ Event: 'Newchannel', Uniqueid: `${id(2)};1` }));
    peer.write(amiText({ Event: 'OriginateResponse', ActionID: id(3), Response: 'Failure' }) + amiText({ Event: 'Last' }));
    await last;
    expect(originator.unseen).toBe(1);
  });

  it('tells an originate that may have gone out from one that did not', async () => {
    const peer = await peerWith({ answer: (_action, _raw, socket) => (socket.destroy(), null) });
    const { ami, reach } = connect(peer.url);
    const originator = new Originator(ami);
    expect(await originator.originate({ ...request, attemptId: id(1) })).toEqual({ queued: false, reason: 'ami_down', inDoubt: false });
    await reach(1);
    expect(await originator.originate({ ...request, attemptId: id(2) })).toEqual({ queued: false, reason: 'ami_down', inDoubt: true });
    expect(originator.unseen).toBe(1);
  });
});

it('does not hold the process: sockets are gone after close', async () => {
  const peer = await peerWith();
  const { ami, reach } = connect(peer.url);
  await reach(1);
  const [socket] = peer.sockets;
  const gone = socket ? once(socket, 'close') : null;
  await ami.close();
  await gone;
  expect(peer.sockets.size).toBe(0);
});
