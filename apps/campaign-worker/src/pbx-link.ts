import { AmiConnection } from '@discador/asterisk/ami/ami-connection';
import { Originator } from '@discador/asterisk/ami/originator';
import { AriHttp } from '@discador/asterisk/ari/ari-http';
import { DiscadorError } from '@discador/contracts/discador-error';
import type { ServiceContext } from '@discador/runtime/service-context';
import type { WorkerSettings } from './settings.ts';

/** One PBX as a worker uses it: AMI acts, ARI answers what is there. */
export interface PbxLink {
  name: string;
  ami: AmiConnection;
  originator: Originator;
  ari: AriHttp;
}

/** @throws DiscadorError `configuration` when the lists of names and addresses differ in length */
export function createPbxLinks({ config, log, dependencies }: ServiceContext<WorkerSettings>): PbxLink[] {
  const { pbxName, amiUrl, ariUrl } = config;
  if (amiUrl.length !== pbxName.length || ariUrl.length !== pbxName.length) {
    throw new DiscadorError('configuration', 'pbxName (PBX_NAME), amiUrl (AMI_URL) and ariUrl (ARI_URL) must be lists of the same length');
  }
  return pbxName.map((name, index) => {
    const state = dependencies.track(`AMI of ${name}`);
    const ami = new AmiConnection({ url: amiUrl[index] ?? '', name, log, onUp: () => state.up(), onDown: (reason) => state.down(reason) });
    return { name, ami, originator: new Originator(ami), ari: new AriHttp(ariUrl[index] ?? '') };
  });
}

/** The PBX with the most room for originates, or null when none has any.
 *  @param maxUnseen originates whose channel was not seen yet, per PBX */
export function roomiest(links: readonly PbxLink[], maxUnseen: number): { link: PbxLink; room: number } | null {
  let best: { link: PbxLink; room: number } | null = null;
  for (const link of links) {
    const room = link.ami.up && link.ami.clockOffsetMs !== null ? maxUnseen - link.originator.unseen : 0;
    if (room > (best?.room ?? 0)) best = { link, room };
  }
  return best;
}
