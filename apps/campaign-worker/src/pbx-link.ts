import { setTimeout as sleep } from 'node:timers/promises';
import { AmiConnection } from '@discador/asterisk/ami/ami-connection';
import { Originator } from '@discador/asterisk/ami/originator';
import { AriHttp } from '@discador/asterisk/ari/ari-http';
import { DiscadorError } from '@discador/contracts/discador-error';
import type { ServiceContext } from '@discador/runtime/service-context';
import type { Logger } from 'pino';
import type { WorkerSettings } from './settings.ts';

const BOOT_RETRY_MS = 200;
const BOOT_TIMEOUT_MS = 1_000;

export interface PbxLinkOptions {
  name: string;
  amiUrl: string;
  ariUrl: string;
  /** its share of the calls, against that of other PBXs; default 1 */
  weight?: number;
  log: Logger;
  state: { up(): void; down(reason: string): void };
}

/** One PBX as a worker uses it: AMI acts, ARI answers what is there. */
export class PbxLink {
  readonly name: string;
  readonly weight: number;
  readonly ami: AmiConnection;
  readonly originator: Originator;
  readonly ari: AriHttp;
  readonly #boot: AriHttp;
  readonly #state: PbxLinkOptions['state'];
  /** AMI connections so far: an answer counts for the one it was asked for. */
  #connections = 0;
  #booted = false;

  constructor({ name, amiUrl, ariUrl, weight = 1, log, state }: PbxLinkOptions) {
    this.name = name;
    this.weight = weight;
    this.#state = state;
    this.ami = new AmiConnection({ url: amiUrl, name, log, onUp: () => void this.#awaitBoot(), onDown: (reason) => this.#setDown(reason) });
    this.originator = new Originator(this.ami);
    this.ari = new AriHttp(ariUrl);
    this.#boot = new AriHttp(ariUrl, BOOT_TIMEOUT_MS);
  }

  /** Whether it places calls: it is connected, has come all the way up, and does not wait for its last calls to stop. */
  get ready(): boolean {
    return this.ami.up && this.#booted && !this.ami.stopping;
  }

  /** AMI takes originates while Asterisk still starts; they would end there as calls that no dialplan has seen. ARI refuses until it is done. */
  async #awaitBoot(): Promise<void> {
    const connection = (this.#connections += 1);
    while (this.ami.up && !this.#booted) {
      const answer = await this.#boot.info().catch((error: unknown) => error);
      if (!this.ami.up || connection !== this.#connections) return;
      if (answer instanceof Error) {
        this.#state.down(`is starting, or its ARI is away: ${answer.message}`);
        await sleep(BOOT_RETRY_MS);
      } else {
        this.#booted = true;
        this.#state.up();
      }
    }
  }

  #setDown(reason: string): void {
    this.#booted = false;
    this.#state.down(reason);
  }
}

/** @throws DiscadorError `configuration` when the lists of names, addresses and weights differ in length */
export function createPbxLinks({ config, log, dependencies }: ServiceContext<WorkerSettings>): PbxLink[] {
  const { pbxName, amiUrl, ariUrl, pbxWeight } = config;
  if ([amiUrl, ariUrl, pbxWeight ?? pbxName].some(({ length }) => length !== pbxName.length)) {
    throw new DiscadorError('configuration', 'pbxName (PBX_NAME), amiUrl (AMI_URL), ariUrl (ARI_URL) and, when given, pbxWeight (PBX_WEIGHT) must be lists of the same length');
  }
  return pbxName.map(
    (name, index) =>
      new PbxLink({ name, amiUrl: amiUrl[index] ?? '', ariUrl: ariUrl[index] ?? '', weight: Number(pbxWeight?.[index] ?? 1), log, state: dependencies.track(`AMI of ${name}`, 'pbx') }),
  );
}
