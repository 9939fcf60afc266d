import type { ChannelModel } from 'amqplib';
import type { Duplex } from 'node:stream';

/** What we touch of amqplib's inside: the multiplexer that moves the channels' frames to the socket. */
interface Inside {
  connection?: { stream?: Duplex; muxer?: { _readIncoming?: () => void } };
}

/** Lets frames leave in one write with all of the same turn of the event loop, or of some milliseconds. amqplib writes each publish, and each
 *  acknowledgement, by itself; at a hundred calls a second a tenth of the services' CPU, and of the broker's, went into that. An amqplib whose
 *  inside has changed is left as it is.
 *  @param gatherMs  as long as a frame may wait for others; 0: not beyond its turn */
export function gatherWrites(model: ChannelModel, gatherMs: number): void {
  const { stream, muxer } = (model as unknown as Inside).connection ?? {};
  const write = muxer?._readIncoming?.bind(muxer);
  if (!stream || !muxer || !write) return;
  let due: NodeJS.Timeout | null = null;
  const writeAll = (): void => {
    due = null;
    stream.cork();
    try {
      write();
    } finally {
      stream.uncork();
    }
  };
  muxer._readIncoming = () => {
    if (gatherMs === 0) writeAll();
    else due ??= setTimeout(writeAll, gatherMs);
  };
}
