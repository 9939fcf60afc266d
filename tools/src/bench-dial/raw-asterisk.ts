import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { WebSocket } from 'ws';
import { rounded } from '../bench/measurement.ts';

export interface RawResult {
  callsPerSecond: number;
  calls: number;
}

/** Originates without a channel yet: above this Asterisk only queues. */
const MAX_UNSEEN = 40;
const MAX_CHANNELS = 1500;
const WARM_UP_MS = 4000;

/** Asterisk alone at full speed: the smallest possible AMI writer, one ARI listener that only counts. The same gate, carrier and
 *  channel ids as in the whole system. */
export async function measureRaw(amiUrl: string, ariUrl: string, seconds: number, numbers: () => string): Promise<RawResult> {
  let unseen = 0;
  let live = 0;
  let ended = 0;
  const socket = await listen(ariUrl, (event) => {
    if (!event.includes(';1"')) return;
    if (event.startsWith('{"type":"ChannelCreated"')) {
      unseen = Math.max(0, unseen - 1);
      live++;
    } else if (event.includes('"type":"ChannelDestroyed"')) {
      live--;
      ended++;
    }
  });
  const write = await login(amiUrl);
  const began = performance.now();
  const until = began + WARM_UP_MS + seconds * 1000;
  let endedAtWarm = -1;
  while (performance.now() < until) {
    while (unseen < MAX_UNSEEN && live + unseen < MAX_CHANNELS) {
      unseen++;
      write(originate(uuid(), numbers()));
    }
    if (endedAtWarm < 0 && performance.now() - began >= WARM_UP_MS) endedAtWarm = ended;
    await sleep(2);
  }
  const calls = ended - endedAtWarm;
  while (live > 0 && performance.now() < until + 10_000) await sleep(100);
  socket.close();
  write('Action: Logoff\r\n\r\n');
  return { callsPerSecond: rounded(calls / seconds, 1), calls };
}

function originate(id: string, number: string): string {
  const dialBy = Math.floor(Date.now() / 1000) + 4;
  return [
    'Action: Originate', `ActionID: ${id}`, `Channel: Local/${number}@dial-gate/n`, `ChannelId: ${id};1`, `OtherChannelId: ${id};2`,
    'Context: campaign', 'Exten: hold', 'Priority: 1', 'Timeout: 28000', 'Async: true',
    `Variable: __ATTEMPT_ID=${id}`, `Variable: __DIAL_BY=${dialBy}`, 'Variable: __RING_TIMEOUT=28', '', '',
  ].join('\r\n');
}

async function login(amiUrl: string): Promise<(text: string) => void> {
  const url = new URL(amiUrl);
  const socket = connect(Number(url.port), url.hostname);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.on('data', (data) => {
      if (data.toString().includes('Authentication accepted')) resolve();
    });
    socket.write(`Action: Login\r\nUsername: ${decodeURIComponent(url.username)}\r\nSecret: ${decodeURIComponent(url.password)}\r\n\r\n`);
  });
  return (text) => void socket.write(text);
}

async function listen(ariUrl: string, onEvent: (event: string) => void): Promise<WebSocket> {
  const url = new URL('/ari/events', ariUrl.replace(/^http/, 'ws'));
  url.username = '';
  url.password = '';
  const { username, password } = new URL(ariUrl);
  url.search = new URLSearchParams({ app: 'bench-raw', subscribeAll: 'true', api_key: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` }).toString();
  const socket = new WebSocket(url);
  socket.on('message', (data: Buffer) => onEvent(data.toString('latin1')));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return socket;
}
