import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

const CHANNELS = '/ari/channels';

/** A local stand-in for ARI: one event stream per application name, and a list of channels that the test sets. */
export class FakeAriServer {
  /** Body of GET /ari/channels. */
  channels: unknown[] = [];
  /** Body of GET /ari/bridges. */
  bridges: unknown[] = [];
  /** What everything answers while Asterisk is still starting: 404 until its modules are loaded, then 503; null once it is done. */
  starting: 404 | 503 | null = null;
  /** While false, what is asked answers 503. */
  answersLooks = true;
  /** While true, no pings are answered and nothing is accepted. */
  silent = false;
  looks = 0;
  opened = 0;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, autoPong: false });
  readonly #raw = new Set<Socket>();

  constructor() {
    this.#http = createServer((request, response) => this.#answer(request, response));
    this.#http.on('connection', (socket: Socket) => {
      this.#raw.add(socket);
      socket.once('close', () => this.#raw.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.silent) return;
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#accept(client));
    });
  }

  /** @param port  one that was another's, to come back in its place; 0: any */
  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#http.listen(port, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://observer:s%40cret@127.0.0.1:${this.port}`;
  }

  /** Open event streams. */
  get streams(): number {
    return this.#sockets.clients.size;
  }

  send(text: string): void {
    for (const client of this.#sockets.clients) client.send(text);
  }

  /** Reads nothing for a while, not even that a stream was closed. */
  pauseAll(paused: boolean): void {
    for (const client of this.#sockets.clients) {
      if (paused) client.pause();
      else client.resume();
    }
  }

  dropAll(): void {
    for (const client of this.#sockets.clients) client.terminate();
  }

  async close(): Promise<void> {
    for (const socket of this.#raw) socket.destroy();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #accept(client: WebSocket): void {
    this.opened += 1;
    client.on('ping', (data) => void (this.silent || client.pong(data)));
    client.on('error', () => undefined);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.silent) return;
    const allowed = request.headers.authorization === `Basic ${Buffer.from('observer:s@cret').toString('base64')}`;
    if (request.url === CHANNELS) this.looks += 1;
    const body = this.#bodyOf(request.url ?? '');
    const status = !allowed ? 401 : (this.starting ?? (body === undefined ? 404 : this.answersLooks ? 200 : 503));
    response.writeHead(status, { 'content-type': 'application/json' }).end(status === 200 ? JSON.stringify(body) : '{"message":"no"}');
  }

  #bodyOf(path: string): unknown {
    if (path.startsWith('/ari/asterisk/info')) return {};
    return { [CHANNELS]: this.channels, '/ari/bridges': this.bridges }[path];
  }
}
