import type { ChannelModel } from 'amqplib';
import type { Duplex } from 'node:stream';

/** What we touch of amqplib's inside: the multiplexer that moves the channels' frames to the socket. */
interface Inside {
  connection?: { stream?: Duplex; muxer?: { _readIncoming?: () => void } };
}

/** As long as a frame may wait for others, in milliseconds. */
const GATHER_MS = 8;

/** Lets all frames of some milliseconds leave in one write. amqplib writes each publish, and each acknowledgement, by itself; at a hundred calls a
 *  second a tenth of the services' CPU, and of the broker's, went into that. An amqplib whose inside has changed is left as it is. */
export function gatherWrites(model: ChannelModel): void {
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
    due ??= setTimeout(writeAll, GATHER_MS);
  };
}
