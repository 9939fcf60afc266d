import { FakeAmiPeer } from '@discador/asterisk/testing/fake-ami-peer';
import { FakeAriServer } from '@discador/asterisk/testing/fake-ari-server';
import { until } from '@discador/runtime/testing/until';
import { pino } from 'pino';
import { PbxChoice } from './pbx-choice.ts';
import { PbxLink } from './pbx-link.ts';

let ami: FakeAmiPeer;
let ari: FakeAriServer;
let told: string[];
let link: PbxLink;

beforeEach(async () => {
  ami = await new FakeAmiPeer().listen();
  ari = await new FakeAriServer().listen();
  ari.starting = 404;
  told = [];
  const state = { up: () => void told.push('up'), down: (reason: string) => void told.push(reason) };
  link = new PbxLink({ name: 'pbx1', amiUrl: ami.url, ariUrl: ari.url, log: pino({ level: 'silent' }), state });
  link.ami.start();
});

afterEach(async () => {
  await link.ami.close();
  await ami.close();
  await ari.close();
});

describe('the link to a PBX', () => {
  it('takes no call while Asterisk is still starting, though AMI would', async () => {
    await until(() => link.ami.up && told.length > 0);
    expect(told.at(-1)).toMatch(/is starting.*not loaded/);
    ari.starting = 503;
    await until(() => told.at(-1)?.includes('503') === true);
    expect(new PbxChoice([link], 40).next()).toBeNull();
    ari.starting = null;
    await until(() => link.ready);
    expect(told.at(-1)).toBe('up');
    expect(new PbxChoice([link], 40).next()).toEqual({ link, room: 40 });
  });

  it('takes no call while it waits for its last calls to end, and takes them again when that is called off', async () => {
    ari.starting = null;
    await until(() => link.ready);
    ami.stopping = true;
    await until(() => !link.ready);
    expect(link.ami.up).toBe(true);
    ami.stopping = false;
    await until(() => link.ready);
  });

  it('asks again after each new connection: Asterisk may have started anew', async () => {
    ari.starting = null;
    await until(() => link.ready);
    ari.starting = 503;
    ami.dropAll();
    await until(() => ami.accepted === 2 && link.ami.up && told.at(-1)?.includes('is starting') === true);
    expect(link.ready).toBe(false);
  });
});
