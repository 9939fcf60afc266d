import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CallPlayer } from './call-player.ts';
import { answer } from './child-tool.ts';
import { HOST } from '../stack/addresses.ts';
import { playTo, type Played, type Wire } from './play-to.ts';
import { readRecordedCalls, type RecordedCall } from './recorded-call.ts';

/** A stand-in for a busy PBX: the event streams of those who listen, and the lists of channels and bridges, which tell what the events told. It plays in a
 *  process of its own, with frames made beforehand: only ids and times are put in. */

export interface PlayRequest {
  seed: number;
  epochMs: number;
  firstCall: number;
  /** events a second; null: at full speed */
  rate: number | null;
  seconds: number;
  /** messages on their way to the bus, at full speed */
  window: number;
}

export interface PlayResult extends Played {
  calls: number;
  /** from the first event to the last */
  tookMs: number;
}

const USER = 'observer';
const SECRET = 'bench';

let recorded: RecordedCall[] = [];
let port = 0;
const streams = new Set<Duplex>();
let player: CallPlayer | null = null;
let played: Played = { events: 0, bytes: 0, messages: 0 };
let arrived = 0;

const http = createServer((request, response) => {
  const allowed = request.headers.authorization === `Basic ${Buffer.from(`${USER}:${SECRET}`).toString('base64')}`;
  const body = bodyOf(request.url ?? '');
  const status = !allowed ? 401 : body ? 200 : 404;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(status === 200 ? body : { message: 'no' }));
});
const sockets = new WebSocketServer({ noServer: true });
http.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (client) => {
    client.on('error', () => undefined);
    streams.add(socket);
    socket.once('close', () => streams.delete(socket));
  });
});

function bodyOf(path: string): unknown {
  if (path === '/ari/channels') return player?.channels() ?? [];
  if (path === '/ari/bridges') return player?.bridges() ?? [];
  return undefined;
}

/** Nowhere: how fast the player is by itself. */
const nowhere: Wire = { write: () => undefined, waiting: 0 };

/** Whoever listens at the time. */
const listeners: Wire = {
  write: (chunk) => streams.forEach((socket) => socket.write(chunk)),
  get waiting() {
    return [...streams].reduce((most, { writableLength }) => Math.max(most, writableLength), 0);
  },
};

async function play(wire: Wire, request: PlayRequest): Promise<PlayResult> {
  played = { events: 0, bytes: 0, messages: 0 };
  arrived = 0;
  player = new CallPlayer({ ...request, recorded });
  const began = performance.now();
  await playTo(wire, player, { ...request, room: () => played.messages - arrived < request.window }, played);
  return { ...played, calls: player.begun, tookMs: performance.now() - began };
}

const methods = {
  /** @returns its address, as ARI_URL */
  async listen(application: string): Promise<string> {
    recorded = readRecordedCalls(application);
    await new Promise<void>((resolve) => http.listen(0, HOST, resolve));
    port = (http.address() as AddressInfo).port;
    return `http://${USER}:${SECRET}@${HOST}:${port}`;
  },
  /** Ends all connections and refuses new ones. */
  leave(): void {
    http.close();
    http.closeAllConnections();
    for (const socket of streams) socket.destroy();
  },
  /** Answers again at the address that it had. */
  comeBack: (): Promise<void> => new Promise((resolve) => void http.listen(port, HOST, resolve)),
  /** How many listen. */
  listeners: (): number => streams.size,
  play(request: PlayRequest): Promise<PlayResult> {
    if (streams.size === 0) throw new Error('nobody listens to the events');
    return play(listeners, request);
  },
  /** Events a second that it renders when nobody has to take them. */
  async ceiling(request: PlayRequest): Promise<number> {
    const { events, tookMs } = await play(nowhere, request);
    return (events * 1_000) / tookMs;
  },
  /** How far the play is. @param messages  that have arrived at the consumer */
  progress(messages: number): Played {
    arrived = messages;
    return played;
  },
};
export type PbxProcess = typeof methods;

answer(methods);
