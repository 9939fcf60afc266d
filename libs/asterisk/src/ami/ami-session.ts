import AmiClient from 'asterisk-ami-client';
import type { AmiMessage } from './ami-message.ts';

export interface AmiAddress {
  host: string;
  port: number;
  user: string;
  secret: string;
}

export interface AmiSessionHandlers {
  onEvent(message: AmiMessage): void;
  onResponse(message: AmiMessage): void;
  onEnd(reason: string): void;
}

/** One logged-in connection, used until it ends and never again. */
export interface AmiSession {
  /** @returns false when the connection is already gone */
  send(text: string): boolean;
  /** Destroys the socket at once; `onEnd` follows with this reason. */
  cut(reason: string): void;
}

/** @param url  `tcp://user:secret@host:port`, parts percent-encoded where needed
 *  @throws TypeError when it is no such address; the text never holds the secret */
export function parseAmiUrl(url: string): AmiAddress {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed?.hostname || !parsed.username) throw new TypeError('an AMI address reads tcp://user:secret@host:port');
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port || 5038),
    user: decodeURIComponent(parsed.username),
    secret: decodeURIComponent(parsed.password),
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'connection closed before login';
}

/** Opens a fresh library client and logs in. The library keeps no hold on a socket that is silent before the login's answer, nor on one
 *  whose login failed: the abort signal, which reaches net.connect through its options, is ours and destroys it in every case.
 *  @throws Error with the library's words when refused, silent for `loginTimeoutMs`, or aborted */
export async function openAmiSession(address: AmiAddress, handlers: AmiSessionHandlers, loginTimeoutMs: number, closing: AbortSignal): Promise<AmiSession> {
  const cutter = new AbortController();
  const cut = (): void => cutter.abort();
  let failure: string | null = null;
  let giveUp: string | null = null;
  const timer = setTimeout(() => {
    giveUp = `no answer to the login within ${loginTimeoutMs} ms`;
    cut();
  }, loginTimeoutMs);
  closing.addEventListener('abort', cut, { once: true });
  const client = new AmiClient({ reconnect: false, keepAlive: false, emitEventsByTypes: false, emitResponsesById: false });
  const end = (): void => {
    client.removeAllListeners();
    closing.removeEventListener('abort', cut);
    handlers.onEnd(failure ?? 'closed by the peer');
  };
  try {
    const options = { host: address.host, port: address.port, noDelay: true, keepAlive: true, signal: cutter.signal };
    const connection = await client.connect(address.user, address.secret, options);
    client.on('event', (message) => handlers.onEvent(message as AmiMessage));
    client.on('response', (message) => handlers.onResponse(message as AmiMessage));
    client.on('internalError', (error) => (failure ??= reasonOf(error)));
    client.once('disconnect', end);
    return {
      send: (text) => connection.isConnected && (connection.write(text), true),
      cut: (reason) => {
        failure ??= reason;
        cut();
      },
    };
  } catch (error) {
    cut();
    client.removeAllListeners();
    closing.removeEventListener('abort', cut);
    throw new Error(giveUp ?? reasonOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
