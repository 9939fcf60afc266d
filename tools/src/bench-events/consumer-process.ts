import { parseEvent } from '@discador/contracts/events/catalogue';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { OUTCOMES_QUEUE } from '@discador/contracts/slice';
import { assertTopology } from '@discador/bus/topology';
import { type Channel, connect, type ConsumeMessage } from 'amqplib';
import { rounded } from '../bench/measurement.ts';
import { answer } from './child-tool.ts';
import { Completeness, type Verdict } from './completeness.ts';
import { readRecordedCalls, type RecordedCall } from './recorded-call.ts';

/** A service as others write them: a queue of its own for all events, acknowledged in batches, each event read. */

export interface Quantiles {
  p50: number;
  p99: number;
}

export interface Message {
  routingKey: string;
  content: string;
}

const QUEUE = 'bench.events';
const QUEUE_ARGUMENTS = { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish', 'x-max-length': 5_000_000 };
const PREFETCH = 4_000;
const ACKNOWLEDGE_MS = 10;

let channel: Channel | null = null;
let recorded: RecordedCall[] = [];
let take: (message: ConsumeMessage) => void = () => undefined;
let arrived = 0;
let completeness: Completeness | null = null;
let sample: Message[] = [];
let latenciesMs: number[] = [];
let last: ConsumeMessage | null = null;

function acknowledge(): void {
  if (last) channel?.ack(last, true);
  last = null;
}

async function openChannel(url: string): Promise<Channel> {
  const connection = await connect(url, { noDelay: true, clientProperties: { connection_name: 'bench consumer' } });
  connection.on('error', () => undefined); // what is missing then, the verdict tells
  connection.on('close', () => (channel = last = null));
  return (channel = await connection.createChannel());
}

async function consume(from: Channel): Promise<void> {
  await from.prefetch(PREFETCH);
  await from.consume(QUEUE, (message) => {
    if (!message) return;
    last = message;
    if (!message.fields.routingKey.startsWith('call.')) return; // what else the PBX's own state is told with
    arrived += 1;
    take(message);
  });
}

/** From the PBX's event to here; the first message of a call bears the time of its channel, not of the event that told enough of it. */
function read(message: ConsumeMessage): void {
  const event = JSON.parse(message.content.toString()) as { id: string; type: string; time: string; data: { callId?: string } };
  completeness?.take({ id: event.id, type: event.type, callId: event.data.callId ?? '' });
  if (event.type !== 'call.dialing') latenciesMs.push(Date.now() - Date.parse(event.time));
}

function keep(message: ConsumeMessage): void {
  const content = message.content.toString();
  parseEvent(JSON.parse(content));
  sample.push({ routingKey: message.fields.routingKey, content });
}

function begin(how: (message: ConsumeMessage) => void): void {
  arrived = 0;
  latenciesMs = [];
  sample = [];
  take = how;
}

const methods = {
  async start(url: string): Promise<void> {
    recorded = readRecordedCalls('');
    const channel = await openChannel(url);
    await assertTopology(channel);
    await channel.assertQueue(QUEUE, { durable: true, arguments: QUEUE_ARGUMENTS });
    await channel.purgeQueue(QUEUE);
    await channel.bindQueue(QUEUE, EVENTS_EXCHANGE, '#');
    await consume(channel);
    setInterval(acknowledge, ACKNOWLEDGE_MS);
  },
  /** Goes on with its queue after the broker was away. */
  resume: async (url: string): Promise<void> => consume(await openChannel(url)),
  /** From now on holds what comes against what is played; for the bare loop, whose messages are all alike, it only reads. */
  judge(play: { seed: number; epochMs: number } | null): void {
    completeness = play && new Completeness(recorded, play);
    begin(read);
  },
  /** From now on keeps what comes, each checked against its schema. */
  sample: (): void => begin(keep),
  sampled: (): Message[] => sample,
  arrived: (): number => arrived,
  /** As many as have come since `judge`, without repeats. */
  distinct: (): number => completeness?.distinct ?? 0,
  /** What has come since `judge`. */
  verdict({ firstCall, calls }: { firstCall: number; calls: number }): { verdict: Verdict | null; latencyMs: Quantiles } {
    const sorted = latenciesMs.sort((a, b) => a - b);
    const quantile = (share: number): number => rounded(sorted[Math.floor(share * (sorted.length - 1))] ?? 0, 1);
    return { verdict: completeness?.verdict(firstCall, calls) ?? null, latencyMs: { p50: quantile(0.5), p99: quantile(0.99) } };
  },
  /** Nobody here stores outcomes: their queue would grow with each run. */
  purgeOutcomes: async (): Promise<void> => void (await channel?.purgeQueue(OUTCOMES_QUEUE)),
};
export type ConsumerProcess = typeof methods;

answer(methods);
