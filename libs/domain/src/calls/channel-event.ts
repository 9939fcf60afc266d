/** What a PBX channel looked like when an event was raised. Times are epoch milliseconds of the PBX's clock. */
export interface ChannelSnapshot {
  readonly id: string;
  readonly name: string;
  /** `Down`, `Ring`, `Ringing`, `Up`, `Busy` … */
  readonly state: string;
  readonly accountCode: string;
  readonly callerNumber: string;
  /** Where in the dialplan it is. */
  readonly context: string;
  readonly exten: string;
  /** The dialplan application that it runs; `AppDial` or `AppQueue` of a channel that was dialled. */
  readonly app: string;
  readonly createdAt: number;
}

interface Base {
  /** epoch milliseconds, PBX clock */
  readonly at: number;
}

export type ChannelEvent =
  | (Base & { readonly kind: 'created' | 'state' | 'hold' | 'unhold'; readonly channel: ChannelSnapshot })
  /** Found alive by asking, not by an event: what follows from it is inferred. */
  | (Base & { readonly kind: 'seen'; readonly channel: ChannelSnapshot })
  | (Base & { readonly kind: 'dial'; readonly status: string; readonly peer: ChannelSnapshot; readonly caller: ChannelSnapshot | null; readonly dialString?: string })
  | (Base & { readonly kind: 'dtmf'; readonly channel: ChannelSnapshot; readonly digit: string })
  | (Base & {
      readonly kind: 'entered_bridge' | 'left_bridge';
      readonly channel: ChannelSnapshot;
      readonly bridgeId: string;
      /** ids of the channels in the bridge after the event */
      readonly members: readonly string[];
    })
  /** `channel` hands the other end on to `target`: an extension, or a channel, bridge or application. */
  | (Base & {
      readonly kind: 'transfer';
      readonly how: 'blind' | 'attended';
      readonly succeeded: boolean;
      readonly channel: ChannelSnapshot;
      readonly transferee: ChannelSnapshot | null;
      readonly target: string;
    })
  | (Base & { readonly kind: 'hangup_request'; readonly channel: ChannelSnapshot; readonly cause: number })
  | (Base & { readonly kind: 'destroyed'; readonly channel: ChannelSnapshot; readonly cause: number });

/** A bridge as the PBX lists it. */
export interface BridgeMembers {
  readonly id: string;
  readonly members: readonly string[];
}
