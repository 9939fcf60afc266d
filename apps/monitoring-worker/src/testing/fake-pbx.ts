import { amiText, FakeAmiPeer } from '@discador/asterisk/testing/fake-ami-peer';

export const AGENT = 'PJSIP/1001';

/** A PBX over AMI whose lists are as a test says: one agent serves every queue. */
export class FakePbx {
  queues = ['sales'];
  /** headers of the agent's rows that differ from those of one who is idle */
  agent: Record<string, string> = {};
  /** channel ids of the callers that wait in the first queue */
  waiting: string[] = [];
  readonly peer = new FakeAmiPeer({ answer: (action) => this.#answer(action.get('Action') ?? '', action.get('ActionID') ?? '') });

  #stampedUs = 0;

  /** Sends an event to everyone connected. @param at  its stamp, seconds of the PBX's clock: no two are alike unless a test says so */
  tell(event: string, headers: Record<string, string> = {}, at = this.#stamp()): void {
    this.peer.write(amiText({ Event: event, Timestamp: at.toFixed(6), Queue: 'sales', Interface: AGENT, ...headers }));
  }

  #stamp(): number {
    this.#stampedUs = Math.max(this.#stampedUs + 1, Date.now() * 1_000);
    return this.#stampedUs / 1_000_000;
  }

  #answer(action: string, id: string): string {
    const said = amiText({ Response: 'Success', ActionID: id, EventList: 'start', CoreStartupDate: '2026-11-21', CoreStartupTime: '01:35:59' });
    const end = action === 'CoreStatus' ? '' : amiText({ Event: `${action}Complete`, EventList: 'Complete', ActionID: id });
    return said + this.#rows(action).map((row) => amiText({ ...row, ActionID: id })).join('') + end;
  }

  #rows(action: string): Record<string, string>[] {
    if (action === 'DeviceStateList') return [{ Event: 'DeviceStateChange', Device: AGENT, State: 'NOT_INUSE' }];
    if (action !== 'QueueStatus') return [];
    const member = { Event: 'QueueMember', Location: AGENT, Status: '1', Paused: '0', LastCall: '0', InCall: '0', Wrapuptime: '0', ...this.agent };
    const entries = this.waiting.map((id) => ({ Event: 'QueueEntry', Queue: this.queues[0] ?? '', Uniqueid: id, Wait: '1' }));
    return [...this.queues.flatMap((queue): Record<string, string>[] => [{ Event: 'QueueParams', Queue: queue }, { ...member, Queue: queue }]), ...entries];
  }
}
