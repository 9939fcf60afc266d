import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface FakeAmiOptions {
  /** Refuses logins while it returns false. */
  acceptLogin?: () => boolean;
  /** What to write back for an action (headers by name, repeated ones joined by newline); default: Success, pings with a time stamp. */
  answer?: (action: Map<string, string>, raw: string, socket: Socket) => string | null;
}

/** A TCP server that speaks just enough AMI to misbehave on purpose. */
export class FakeAmiPeer {
  readonly received: string[] = [];
  readonly sockets = new Set<Socket>();
  /** Sockets accepted since the start. */
  accepted = 0;
  silent = false;
  /** as after `core stop gracefully` */
  stopping = false;
  readonly #options: FakeAmiOptions;
  readonly #server: Server;

  constructor(options: FakeAmiOptions = {}) {
    this.#options = options;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `tcp://user:s%40cret@127.0.0.1:${this.port}`;
  }

  /** Sends the same bytes to everyone connected. */
  write(text: string): void {
    for (const socket of this.sockets) socket.write(text);
  }

  dropAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.dropAll();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.accepted += 1;
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    if (!this.silent) socket.write('Asterisk Call Manager/11.0.0\r\n');
    let buffered = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (buffered + chunk).split('\r\n\r\n');
      buffered = parts.pop() ?? '';
      for (const raw of parts) this.#take(raw, socket);
    });
  }

  #take(raw: string, socket: Socket): void {
    this.received.push(raw);
    if (this.silent) return;
    const action = parse(raw);
    const reply = this.#reply(action, raw, socket);
    if (reply !== null) socket.write(reply);
  }

  #reply(action: Map<string, string>, raw: string, socket: Socket): string | null {
    const id = action.get('ActionID') ?? '';
    if (action.get('Action')?.toLowerCase() === 'login') {
      const accepted = this.#options.acceptLogin?.() ?? true;
      return amiText({ Response: accepted ? 'Success' : 'Error', ActionID: id, Message: accepted ? 'Authentication accepted' : 'Authentication failed' });
    }
    if (this.stopping) return amiText({ Response: 'Error', ActionID: id, Message: 'Asterisk is shutting down' });
    if (action.get('Action') === 'Ping') return amiText({ Response: 'Success', ActionID: id, Ping: 'Pong', Timestamp: (Date.now() / 1000 + 60).toFixed(6) });
    const answer = this.#options.answer;
    return answer ? answer(action, raw, socket) : amiText({ Response: 'Success', ActionID: id });
  }
}

function parse(raw: string): Map<string, string> {
  const action = new Map<string, string>();
  for (const line of raw.split('\r\n')) {
    const [name = '', ...rest] = line.split(': ');
    const before = action.get(name);
    action.set(name, before === undefined ? rest.join(': ') : `${before}\n${rest.join(': ')}`);
  }
  return action;
}

/** One AMI message as it goes over the wire. */
export function amiText(fields: Readonly<Record<string, string>>): string {
  return `${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\n`;
}
