import { guardChannels, RPC_SOCKET } from '@discador/runtime/rpc-server';
import { ClientRMQ, RmqRecord, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import type { Logger } from 'pino';
import { firstValueFrom, timeout } from 'rxjs';

interface Addressed {
  queue: string;
  record: RmqRecord;
}

/** Asks any replica over one connection: Nest's own client knows one queue only, and would take a connection per replica. */
export class RpcClient extends ClientRMQ {
  readonly #log: Logger;

  constructor(url: string, log: Logger) {
    super({ urls: [url], noAssert: true, persistent: false, socketOptions: RPC_SOCKET });
    this.#log = log;
  }

  /** Sends a request to the queue of a replica and waits for its reply. A request that was not taken in time is thrown away.
   *  @returns undefined when there was no answer in time, whatever the reason */
  async ask(queue: string, pattern: string, timeoutMs: number): Promise<unknown> {
    const data: Addressed = { queue, record: new RmqRecord({}, { expiration: timeoutMs }) };
    try {
      return await firstValueFrom(this.send<unknown, Addressed>(pattern, data).pipe(timeout(timeoutMs)));
    } catch (error) {
      this.#log.debug({ err: error, queue }, 'a replica did not answer');
      return undefined;
    }
  }

  override createClient(): ReturnType<ClientRMQ['createClient']> {
    return guardChannels(super.createClient(), this.#log);
  }

  protected override publish(message: ReadPacket<Addressed>, callback: (packet: WritePacket) => void): () => void {
    // Nest reads it within this very call, so that requests to several replicas do not mix.
    this.queue = message.data.queue;
    return super.publish({ pattern: message.pattern, data: message.data.record }, callback);
  }
}
