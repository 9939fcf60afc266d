import { readLegacy, shapeOf, type LegacyCall, type LegacyMessage, type LegacyShape } from '@discador/contracts/legacy/legacy-call';
import { DiscadorError } from '@discador/contracts/discador-error';
import type { LegacyMessages } from './correspondence.ts';
import { differ, type Difference } from './difference.ts';

interface GoldenCall {
  readonly shape: LegacyShape;
  readonly callId: string;
  /** operation → its messages, in order */
  readonly waiting: Map<string, object[]>;
  readonly order: string[];
  readonly came: string[];
}

/** Messages of the old format as they should be, against which others are held: the n-th `dtmf` of a call against the n-th golden one. */
export class GoldenMessages {
  readonly #calls = new Map<string, GoldenCall>();
  readonly #shapes = new Set<LegacyShape>();

  /** @param text  a message per line, blank lines left out; @param name  of the file, for the error
   *  @throws DiscadorError `invalid_input` that names file and line */
  add(text: string, name: string): void {
    text.split('\n').forEach((line, index) => {
      if (line.trim() === '') return;
      const { message, legacy } = readLine(line, `${name} line ${index + 1}`);
      const shape = shapeOf(message);
      const call = this.#call(shape, legacy.data.callId);
      const { type } = legacy.operation;
      this.#shapes.add(shape);
      call.order.push(type);
      call.waiting.set(type, [...(call.waiting.get(type) ?? []), message]);
    });
  }

  /** Takes the messages of one event, and compares those in the shapes that the golden ones have.
   *  @returns what is not as in the golden messages of that call and operation */
  compare(callId: string, messages: LegacyMessages): Difference[] {
    return [...messages].filter(([shape]) => this.#shapes.has(shape) || this.#shapes.size === 0).flatMap(([shape, message]) => this.#compareOne(shape, callId, message));
  }

  /** @returns golden messages that nobody sent, and calls whose messages came in another order */
  end(): Difference[] {
    return [...this.#calls.values()].flatMap(({ shape, callId, waiting, order, came }) => {
      const about = { against: 'golden', shape, callId } as const;
      const missing = [...waiting].flatMap(([operation, left]) => left.map(() => ({ ...about, operation, field: 'message', expected: operation })));
      const shuffled = missing.length === 0 && order.length === came.length && order.join() !== came.join();
      return shuffled ? [{ ...about, operation: 'all', field: 'order', expected: order.join(', '), actual: came.join(', ') }] : missing;
    });
  }

  #compareOne(shape: LegacyShape, callId: string, message: LegacyMessage): Difference[] {
    const operation = message.operation.type;
    const about = { against: 'golden', shape, callId, operation } as const;
    const call = this.#calls.get(keyOf(shape, callId));
    const golden = call?.waiting.get(operation)?.shift();
    if (!call || !golden) return [{ ...about, field: 'message', actual: operation }];
    call.came.push(operation);
    return differ(about, golden, message);
  }

  #call(shape: LegacyShape, callId: string): GoldenCall {
    const key = keyOf(shape, callId);
    const call = this.#calls.get(key) ?? { shape, callId, waiting: new Map(), order: [], came: [] };
    this.#calls.set(key, call);
    return call;
  }
}

const keyOf = (shape: LegacyShape, callId: string): string => `${shape} ${callId}`;

function readLine(line: string, where: string): { message: object; legacy: LegacyCall } {
  try {
    const message = JSON.parse(line) as object;
    return { message, legacy: readLegacy(message) };
  } catch (cause) {
    throw new DiscadorError('invalid_input', `${where} holds no message of the old format`, { cause });
  }
}
