import type { PacingConfig } from '@discador/domain/pacing/index';
import type { MakeController } from './controller.ts';
import { domainController } from './domain-controller.ts';
import { issabel } from './peers/issabel.ts';
import { legacy, power, progressive } from './peers/simple-dialers.ts';
import { vicidial, type VicidialSettings } from './peers/vicidial.ts';
import { reference } from './reference.ts';

/** A dialer with its settings, as plain data: what a run is told, and what the results name. */
export type Dialer =
  | { kind: 'progressive' }
  | { kind: 'power'; linesPerAgent: number }
  | { kind: 'legacy'; impulseFactor: number }
  | { kind: 'issabel'; qos: number }
  | ({ kind: 'vicidial' } & VicidialSettings)
  | { kind: 'reference' }
  | { kind: 'domain'; config: PacingConfig };

export function makeControllerOf(dialer: Dialer): MakeController {
  switch (dialer.kind) {
    case 'progressive':
      return progressive;
    case 'power':
      return power(dialer.linesPerAgent);
    case 'legacy':
      return legacy(dialer.impulseFactor);
    case 'issabel':
      return issabel(dialer.qos);
    case 'vicidial':
      return vicidial(dialer);
    case 'reference':
      return reference;
    case 'domain':
      return domainController(dialer.config);
  }
}
