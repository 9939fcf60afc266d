import type { ChannelModel } from 'amqplib';
import type { Duplex } from 'node:stream';

/** What we touch of amqplib's inside: the multiplexer that moves the channels' frames to the socket. */
interface Inside {
  connection?: { stream?: Duplex; muxer?: { _readIncoming?: () => void } };
}

/** Lets all frames of one turn of the event loop leave in one write. amqplib writes each publish, and each acknowledgement, by itself.
 *  An amqplib whose inside has changed is left as it is. */
export function gatherWrites(model: ChannelModel): void {
  const { stream, muxer } = (model as unknown as Inside).connection ?? {};
  const write = muxer?._readIncoming?.bind(muxer);
  if (!stream || !muxer || !write) return;
  muxer._readIncoming = () => {
    stream.cork();
    try {
      write();
    } finally {
      stream.uncork();
    }
  };
}
