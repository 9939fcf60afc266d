import { type RawData, WebSocket } from 'ws';

const GATHER_MS = 5;
/** A read that brings as much is one of many to come: to wait would only let them pile up. */
const MUCH_BYTES = 16 * 1024;

/** Lets a socket rest for some milliseconds after a read that brought little, so that the next brings more at once, and what follows from it leaves
 *  together. Asterisk writes each event by itself. At 5,000 events/s it saved RabbitMQ about a sixth of its CPU per event, and the monitor a twentieth. */
export function gatherReads(socket: WebSocket): void {
  let bytes = 0;
  let turn: NodeJS.Immediate | null = null;
  const rest = (): void => {
    const little = bytes < MUCH_BYTES;
    bytes = 0;
    turn = null;
    if (!little || socket.readyState !== WebSocket.OPEN) return;
    socket.pause();
    setTimeout(() => socket.resume(), GATHER_MS);
  };
  socket.on('message', (data: RawData) => {
    bytes += (data as Buffer).length;
    turn ??= setImmediate(rest);
  });
}
