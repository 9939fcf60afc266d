import { setTimeout as sleep } from 'node:timers/promises';
import type { StackStatus } from '../stack/stack.ts';
import type { BareProcess } from './bare-process.ts';
import { ChildTool } from './child-tool.ts';
import type { ConsumerProcess, Message } from './consumer-process.ts';
import type { PbxProcess, PlayRequest } from './pbx-process.ts';
import { type RealMonitor, startMonitor, sumOf } from './real-monitor.ts';
import { type Bench, type Load, runLoad } from './run-load.ts';

export type Who = 'monitor' | 'bare';

/** Messages under way at full speed: about half a second of them. */
const WINDOW = 3_000;
const SAMPLE_RATE = 5_000;
const SAMPLE_WITHIN_MS = 5_000;

/** All processes that take part: a PBX for the monitor and one for the bare loop, those two, and the consumer of both. */
export class Lab {
  readonly monitor: RealMonitor;
  readonly #tools: Tools;
  readonly #benches: Record<Who, Bench>;
  readonly #play: Pick<PlayRequest, 'seed' | 'epochMs' | 'window'>;
  #calls = 0;

  /** Starts everything but the bare loop, which needs a sample of messages. @param stack  its servers are up */
  static async open(stack: StackStatus, seed: number): Promise<Lab> {
    const tools = startTools();
    try {
      await tools.consumer.ask('start', stack.amqpUrl ?? '');
      const monitor = await startMonitor(stack.home, await tools.pbx.ask('listen', 'discador-1'));
      return new Lab(stack, seed, tools, monitor);
    } catch (error) {
      endTools(tools);
      throw error;
    }
  }

  private constructor(stack: StackStatus, seed: number, tools: Tools, monitor: RealMonitor) {
    const { consumer, pbx, barePbx, bare } = tools;
    this.monitor = monitor;
    this.#tools = tools;
    this.#play = { seed, epochMs: Date.now(), window: WINDOW };
    const around = { consumer: consumer.pid, rabbitmq: stack.servers.find(({ name }) => name === 'rabbitmq')?.pid ?? 0 };
    this.#benches = {
      monitor: {
        pbx,
        consumer,
        share: null,
        pid: monitor.pid,
        pids: { monitor: monitor.pid, source: pbx.pid, ...around },
        counted: async () => sumOf(await monitor.metrics(), 'discador_ari_events_total'),
      },
      bare: { pbx: barePbx, consumer, share: 0, pid: bare.pid, pids: { bare: bare.pid, source: barePbx.pid, ...around }, counted: () => bare.ask('events') },
    };
  }

  /** Calls played until now. */
  get calls(): number {
    return this.#calls;
  }

  /** Plays calls that were not played before. @param rate  events a second; null: at full speed */
  async play(who: Who, rate: number | null, seconds: number): Promise<Load> {
    const load = await runLoad(this.#benches[who], this.#request(rate, seconds));
    this.#calls += load.calls;
    return load;
  }

  /** Starts the bare loop with messages that the monitor has made.
   *  @returns messages per event, and how many events a second the source plays when nobody listens */
  async startBare(amqpUrl: string): Promise<{ share: number; ceiling: number }> {
    const { bare, barePbx } = this.#tools;
    const ariUrl = await barePbx.ask('listen', 'bare');
    const ceiling = await barePbx.ask('ceiling', { ...this.#request(null, 1), window: Number.MAX_SAFE_INTEGER });
    const { messages, share } = await this.#sample();
    await bare.ask('start', { ariUrl, amqpUrl, messages, share });
    this.#benches.bare.share = share;
    return { share, ceiling: Math.round(ceiling) };
  }

  async close(): Promise<void> {
    endTools(this.#tools);
    await this.monitor.stop();
  }

  #request(rate: number | null, seconds: number): PlayRequest {
    return { ...this.#play, firstCall: this.#calls, rate, seconds };
  }

  /** Lets the monitor make messages of some calls of each kind. */
  async #sample(): Promise<{ messages: Message[]; share: number }> {
    const { consumer, pbx } = this.#tools;
    await consumer.ask('sample');
    const played = await pbx.ask('play', this.#request(SAMPLE_RATE, 1));
    this.#calls += played.calls;
    for (const until = Date.now() + SAMPLE_WITHIN_MS; Date.now() < until; await sleep(50)) {
      if ((await consumer.ask('arrived')) >= played.messages) break;
    }
    const messages = await consumer.ask('sampled');
    if (messages.length !== played.messages) throw new Error(`${played.messages} messages were due for the sample, ${messages.length} came`);
    return { messages, share: played.messages / played.events };
  }
}

interface Tools {
  consumer: ChildTool<ConsumerProcess>;
  pbx: ChildTool<PbxProcess>;
  barePbx: ChildTool<PbxProcess>;
  bare: ChildTool<BareProcess>;
}

function startTools(): Tools {
  const file = (name: string): URL => new URL(name, import.meta.url);
  return {
    consumer: new ChildTool(file('consumer-process.ts')),
    pbx: new ChildTool(file('pbx-process.ts')),
    barePbx: new ChildTool(file('pbx-process.ts')),
    bare: new ChildTool(file('bare-process.ts')),
  };
}

function endTools(tools: Tools): void {
  for (const tool of Object.values(tools)) tool.end();
}
