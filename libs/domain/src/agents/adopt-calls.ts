import type { AmiEvent } from './ami-event.ts';
import { callNameOf } from './call-name.ts';
import { callKey, type AgentCall, type QueuesState } from './queues-state.ts';

const CHANNEL_SERIAL = /-[0-9a-f]{8}(;[12])?$/;

/** Takes one event of a `CoreShowChannels` list: calls that were connected before we looked, which no snapshot of the queues names.
 *  @returns null when the event is of no such list */
export function adoptCalls(state: QueuesState, event: AmiEvent, nowMs: number): QueuesState | null {
  if (event['Event'] === 'CoreShowChannel') {
    return event['BridgeId'] ? { ...state, channels: [...state.channels, event] } : state;
  }
  if (event['Event'] !== 'CoreShowChannelsComplete') return null;
  const known = new Set([...state.calls.values()].filter((call) => call.talking).map((call) => call.caller));
  const found = talkingCallers(state, nowMs).filter((call) => !known.has(call.caller));
  const calls = new Map([...state.calls, ...found.map((call) => [callKey(call.caller, call.agent), call] as const)]);
  return { ...state, calls, channels: [] };
}

/** A caller runs `Queue(name,…)` and shares its bridge with an agent's channel. */
function talkingCallers({ queues, channels }: QueuesState, nowMs: number): AgentCall[] {
  const byBridge = Map.groupBy(channels, (channel) => channel['BridgeId'] ?? '');
  return channels
    .filter((channel) => channel['Application'] === 'Queue')
    .map((channel) => {
      const queue = channel['ApplicationData']?.split(',')[0] ?? '';
      const agents = new Map([...(queues.get(queue)?.members.keys() ?? [])].map((agent) => [channelBase(agent), agent]));
      const others = (byBridge.get(channel['BridgeId'] ?? '') ?? []).map((other) => (other['Channel'] ?? '').replace(CHANNEL_SERIAL, ''));
      const agent = others.map((base) => agents.get(base)).find((one) => one !== undefined) ?? '';
      return { queue, agent, caller: channel['Uniqueid'] ?? '', ...callNameOf(channel), talking: true, sinceMs: nowMs };
    });
}

/** `Local/agent01@agents/n` → `Local/agent01@agents`: what the names of its channels begin with. */
function channelBase(agent: string): string {
  return agent.replace(/(@[^/]*)\/[a-z]+$/, '$1');
}
