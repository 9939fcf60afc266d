import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  readonly clientPort: number;
  readonly client: Socket;
  readonly server: Socket;
  /** bytes to the server arrive this much later, also after the client has gone */
  delayMs: number;
  /** when the last byte on its way to the server will have arrived, by performance.now() */
  arrivesAt: number;
}

/** Which connections: told by the port from which the client connected. */
export type Which = (clientPort: number) => boolean;
const ALL: Which = () => true;

/** A server's stand-in at an address of its own that passes bytes on, refuses, falls silent or dawdles: how a test takes away a server
 *  that other tests share, or the connection of one process among many. */
export class TcpProxy {
  readonly #target: { host: string; port: number };
  readonly #pairs = new Set<Pair>();
  #server: Server | undefined;
  #port = 0;

  /** @param url of the server behind */
  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#target = { host: hostname, port: Number(port) };
  }

  /** The port it listens on, once opened. */
  get port(): number {
    return this.#port;
  }

  /** The connections that it has now, told by the client's port. */
  clientPorts(): Set<number> {
    return new Set([...this.#pairs].map(({ clientPort }) => clientPort));
  }

  /** Takes connections, at the same port as before when it did already. @returns `url` with the proxy's address in it */
  async open(url: string): Promise<string> {
    this.#server = createServer((client) => this.#join(client)).listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    const own = new URL(url);
    own.hostname = '127.0.0.1';
    own.port = String(this.#port);
    return own.toString();
  }

  /** Cuts connections; new ones are still taken. @returns how many */
  cut(which: Which = ALL): number {
    const pairs = this.#those(which);
    for (const { client, server } of pairs) {
      client.destroy();
      server.destroy();
    }
    return pairs.length;
  }

  /** Stops reading from both sides, for good: nothing is refused, nothing is answered, nothing is closed. @returns how many */
  freeze(which: Which = ALL): number {
    const pairs = this.#those(which);
    for (const { client, server } of pairs) {
      client.pause();
      server.pause();
    }
    return pairs.length;
  }

  /** Bytes to the server come `ms` late from now on; what was sent arrives even when the client closes meanwhile. @returns how many */
  delay(ms: number, which: Which = ALL): number {
    const pairs = this.#those(which);
    for (const pair of pairs) pair.delayMs = ms;
    return pairs.length;
  }

  /** Cuts every connection and refuses new ones until `open`. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.cut();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  #those(which: Which): Pair[] {
    return [...this.#pairs].filter(({ clientPort }) => which(clientPort));
  }

  #join(client: Socket): void {
    const server = connect(this.#target);
    const pair: Pair = { clientPort: client.remotePort ?? 0, client, server, delayMs: 0, arrivesAt: 0 };
    this.#pairs.add(pair);
    client.on('data', (bytes) => this.#toServer(pair, bytes));
    server.on('data', (bytes) => client.write(bytes));
    for (const socket of [client, server]) socket.on('error', () => undefined);
    client.on('close', () => setTimeout(() => server.destroy(), Math.max(0, pair.arrivesAt - performance.now())));
    server.on('close', () => {
      this.#pairs.delete(pair);
      client.destroy();
    });
  }

  #toServer(pair: Pair, bytes: Buffer): void {
    if (pair.delayMs === 0) return void pair.server.write(bytes);
    pair.arrivesAt = performance.now() + pair.delayMs;
    setTimeout(() => pair.server.write(bytes), pair.delayMs);
  }
}
