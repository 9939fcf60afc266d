/** The halves of our Local channel: 1 goes to the queue or menu, 2 to the dialled number. */
export type Half = 1 | 2;

export interface OwnChannel {
  /** The attempt id. */
  readonly callId: string;
  readonly half: Half;
}

const OWN = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12};[12]$/;
const ID_LENGTH = 36;

/** @returns the call that a channel id belongs to; null for a channel that no originate of ours named */
export function ownChannel(channelId: string): OwnChannel | null {
  if (channelId.length !== ID_LENGTH + 2 || !OWN.test(channelId)) return null;
  return { callId: channelId.slice(0, ID_LENGTH), half: channelId.endsWith('1') ? 1 : 2 };
}
