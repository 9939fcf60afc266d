import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { REPO_ROOT } from '../stack/home.ts';
import { demoCampaign } from './demo-campaign.ts';

/** A gateway that has dialled everything at once, and what it was asked. */
let gateway: Server;
let asked: { request: string; body: string }[];
let remaining: number;
let inDoubt: number;

beforeEach(async () => {
  [asked, remaining, inDoubt] = [[], 0, 0];
  gateway = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ request: `${request.method} ${request.url}`, body });
      response.end(JSON.stringify({
        campaignId: 'c1', id: 'i1', status: request.url?.startsWith('/v1/imports/') ? 'done' : 'finished', imported: 3, rejected: 1, inFlight: 0,
        totals: { processed: 3 - remaining, contacts: 3, remaining }, contacts: { total: 3, byStatus: { completed: 3 } }, attempts: { total: 4, byDisposition: { busy: 4 - inDoubt, in_doubt: inDoubt } },
      }));
    });
  }).listen(0, '127.0.0.1');
  await once(gateway, 'listening');
});
afterEach(() => void gateway.close());

/** docker/demo.mjs, with the files that docker/compose.yaml mounts for it. */
async function demoInContainer(): Promise<{ code: number; stdout: string }> {
  const env = { API_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`, CAMPAIGN: join(REPO_ROOT, 'demo/campaign.json'), CONTACTS: join(REPO_ROOT, 'demo/contacts.csv') };
  const child = spawn(process.execPath, [join(REPO_ROOT, 'docker/demo.mjs')], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number]>]);
  return { code, stdout };
}

test('the demo in a container dials the campaign of `npm start`, and gives what `npm start -- --docker` reads', async () => {
  const { code, stdout } = await demoInContainer();
  expect(asked.map(({ request }) => request).slice(0, 5)).toEqual([
    'PUT /v1/trunks/default', 'POST /v1/campaigns', 'POST /v1/campaigns/c1/contacts/import?areaCode=11&fixOldMobiles=true', 'GET /v1/imports/i1', 'POST /v1/campaigns/c1/start',
  ]);
  expect(JSON.parse(asked[1]?.body ?? '')).toEqual(demoCampaign({ rate: 20, pbx: 1 }));
  expect(asked[2]?.body.startsWith('Nome;Telefone;')).toBe(true); // not all of it in a failure
  expect(JSON.parse(stdout)).toEqual({ campaignId: 'c1', rejected: 1, contacts: { total: 3, byStatus: { completed: 3 } }, attempts: { total: 4, byDisposition: { busy: 4, in_doubt: 0 } } });
  expect(code).toBe(0);
});

test('it ends with 1 when a contact is left or an attempt in doubt', async () => {
  remaining = 1;
  expect(await demoInContainer()).toMatchObject({ code: 1 });
  [remaining, inDoubt] = [0, 1];
  expect(await demoInContainer()).toMatchObject({ code: 1 });
});

test('there is room for what the trunk lets through, on every PBX', () => {
  expect(demoCampaign({ rate: 20, pbx: 1 })).toMatchObject({ name: 'Demonstração', queue: 'demo', maxChannels: 200 });
  expect(demoCampaign({ rate: 50, pbx: 2 }).maxChannels).toBe(1000);
  expect(demoCampaign({ rate: 1, pbx: 2 }).maxChannels).toBe(120);
});
