/** The package has no types; only what the adapter uses is declared. */
declare module 'asterisk-ami-client' {
  import type { EventEmitter } from 'node:events';
  import type { NetConnectOpts } from 'node:net';

  type RawMessage = Record<string, string | null>;

  interface LibraryConnection {
    /** A string is sent as it is, with an empty line after it. */
    write(message: string): boolean;
    readonly isConnected: boolean;
  }

  export default class AmiClient extends EventEmitter<{
    event: [RawMessage];
    response: [RawMessage];
    disconnect: [];
    internalError: [unknown];
  }> {
    constructor(options: { reconnect: boolean; keepAlive: boolean; emitEventsByTypes: boolean; emitResponsesById: boolean });
    connect(user: string, secret: string, options: NetConnectOpts & { signal: AbortSignal }): Promise<LibraryConnection>;
  }
}
