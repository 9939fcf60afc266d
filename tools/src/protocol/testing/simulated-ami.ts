import type { AmiConnection } from '@discador/asterisk/ami/ami-connection';
import type { AmiAction, AmiMessage } from '@discador/asterisk/ami/ami-message';
import { Originator } from '@discador/asterisk/ami/originator';
import type { PbxLink } from '@discador/campaign-worker/pbx-link';
import { DiscadorError } from '@discador/contracts/discador-error';
import type { Outside } from './outside.ts';
import type { Process } from './process.ts';
import type { SimulatedPbx } from './simulated-pbx.ts';

/** An Originate whose bytes have left, until they come or never will. */
export interface Transit {
  action: AmiAction;
  pbx: SimulatedPbx;
  from: Process;
  /** no one waits for the answer any more */
  givenUp: boolean;
  /** the step until which its bytes are stuck */
  heldUntil: number;
  resolve(answer: AmiMessage): void;
  reject(error: Error): void;
}

/** A worker's link to a PBX: the product's Originator on a connection whose bytes the scheduler moves.
 *  @param offsetErrorMs by which the worker's idea of the PBX's clock is wrong */
export function simulatedLink(outside: Outside, process: Process, pbx: SimulatedPbx, transits: Transit[], offsetErrorMs: number): PbxLink {
  const ami = {
    up: true,
    get clockOffsetMs(): number {
      return pbx.clock() - process.now() + offsetErrorMs;
    },
    on: () => () => undefined,
    action: (action: AmiAction) =>
      new Promise<AmiMessage>((resolve, reject) => {
        if (process.alive) transits.push({ action, pbx, from: process, givenUp: false, heldUntil: 0, resolve, reject });
      }),
  } as unknown as AmiConnection;
  const channels = (): { id: string }[] => pbx.live.flatMap(({ attemptId }) => [{ id: `${attemptId};1` }, { id: `${attemptId};2` }]);
  const info = () => ({ startedAt: Math.floor(pbx.bootedAt / 1000) * 1000 });
  const ari = { channels: () => outside.ask(process, 'list channels', channels), info: () => outside.ask(process, 'tell its start', info) };
  return { name: pbx.name, weight: 1, ready: true, ami, originator: new Originator(ami), ari } as unknown as PbxLink;
}

/** What an action fails with when its connection goes; `sent` when its bytes had left. */
export const connectionLost = (sent: boolean): DiscadorError => new DiscadorError('ami_down', 'injected by the simulation', { retry: 'later', details: { sent } });

