import { BusConnection } from '@discador/bus/bus-connection';
import { followEvents } from '@discador/bus/follow-events';
import { assertEventsExchange } from '@discador/bus/topology';
import { endSignal } from '@discador/runtime/end-process';
import { amqpUrl, loadSettings } from '@discador/runtime/settings';
import pc from 'picocolors';
import { pino } from 'pino';
import { z } from 'zod';
import { EXIT, type CommandIo } from '../command-io.ts';
import { bindingKeys } from './binding-keys.ts';
import { liveLine } from './live-line.ts';

export interface TailOptions {
  campaign?: string;
  type?: string[];
  /** show phone numbers and pressed keys */
  numbers?: boolean;
  json?: boolean;
  /** wait for the broker when it is away at the start, too */
  wait?: boolean;
}

const settings = z.object({ amqpUrl });

/** `discador events tail`: prints events as they come, until it is told to stop.
 *  @returns the exit code: 69 when the broker is away at the start and is not waited for
 *  @throws DiscadorError `configuration`, `invalid_input` */
export async function tailEvents({ campaign, type = [], wait, json, numbers }: TailOptions, io: CommandIo): Promise<number> {
  const keys = bindingKeys(type, campaign);
  const { amqpUrl: url } = loadSettings(settings, { configDir: new URL('../../config/', import.meta.url), env: io.env });
  const colors = pc.createColors(io.stdout.isTTY === true && pc.isColorSupported);
  const given = Promise.withResolvers<number>();
  const broker = new BrokerWatch(io.tell, () => wait || given.resolve(EXIT.away));
  const bus = new BusConnection({ url, name: 'discador events tail', log: pino({ level: 'silent' }), state: broker, topology: assertEventsExchange });
  followEvents(bus, keys, async ({ content, fields }) => {
    const event = parse(content);
    const line = json && event !== undefined ? JSON.stringify(event) : liveLine(event, { numbers, colors });
    if (line === null) io.tell(`a message that is no event, key ${fields.routingKey}`);
    else await new Promise<void>((resolve) => io.stdout.write(`${line}\n`, () => resolve()));
  });
  bus.start();
  const code = await Promise.race([given.promise, endSignal().then(() => EXIT.ok)]);
  await bus.close();
  return code;
}

/** Says when the broker goes and comes, once each, however often it is tried meanwhile. */
class BrokerWatch {
  readonly #tell: (text: string) => void;
  readonly #onAwayAtStart: () => unknown;
  #listened = false;
  #away = false;

  constructor(tell: (text: string) => void, onAwayAtStart: () => unknown) {
    this.#tell = tell;
    this.#onAwayAtStart = onAwayAtStart;
  }

  up(): void {
    if (!this.#listened || this.#away) this.#tell(this.#listened ? 'listening again; what was sent meanwhile is not shown' : 'listening');
    this.#listened = true;
    this.#away = false;
  }

  down(reason: string): void {
    if (this.#away) return;
    this.#away = true;
    this.#tell(`the broker in AMQP_URL is away: ${reason}`);
    if (!this.#listened) this.#onAwayAtStart();
  }
}

/** @returns undefined for what is no JSON */
function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
