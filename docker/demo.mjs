// The demo campaign of `npm start`, over the API of a running gateway: makes it, imports the contacts, starts it, tells how it goes until it has
// finished. Ends with 0 when every contact has a final status and none is in doubt.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const { API_URL, CAMPAIGN, CONTACTS, RATE = '20' } = process.env;
const EVERY_MS = 2000;
const STALLED_MS = 120_000;

async function ask(method, path, body, type = 'application/json') {
  const headers = body === undefined ? {} : { 'content-type': type, 'idempotency-key': randomUUID() };
  const response = await fetch(API_URL + path, { method, headers, body: type === 'application/json' && body !== undefined ? JSON.stringify(body) : body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

const say = (text) => process.stderr.write(`${text}\n`);
const rate = Number(RATE);

await ask('PUT', '/v1/trunks/default', { maxChannels: Math.max(100, rate * 20), callsPerSecond: rate });
const { campaignId } = await ask('POST', '/v1/campaigns', { ...JSON.parse(await readFile(CAMPAIGN, 'utf8')), maxChannels: Math.max(60, rate * 10) });
const job = await ask('POST', `/v1/campaigns/${campaignId}/contacts/import?areaCode=11&fixOldMobiles=true`, await readFile(CONTACTS), 'text/csv');
let rejected = 0;
for (;;) {
  const { status, imported, ...rows } = await ask('GET', `/v1/imports/${job.id}`);
  if (status !== 'running') {
    rejected = rows.rejected;
    say(`${imported} contacts, ${rejected} rows rejected`);
    break;
  }
  await sleep(200);
}
await ask('POST', `/v1/campaigns/${campaignId}/start`);
for (let last = '', movedAt = Date.now(); ; await sleep(EVERY_MS)) {
  const [{ status, totals }, metrics] = await Promise.all([ask('GET', `/v1/campaigns/${campaignId}`), ask('GET', `/v1/campaigns/${campaignId}/metrics`)]);
  const now = `${totals.processed}/${totals.contacts} contacts · in flight ${metrics.inFlight} · attempts ${metrics.attempts.total}`;
  if (now !== last) movedAt = Date.now();
  if (now !== last) say(now);
  last = now;
  if (status === 'finished') {
    process.stdout.write(`${JSON.stringify({ campaignId, rejected, contacts: metrics.contacts, attempts: metrics.attempts })}\n`);
    process.exit(totals.remaining === 0 && (metrics.attempts.byDisposition.in_doubt ?? 0) === 0 ? 0 : 1);
  }
  if (Date.now() - movedAt > STALLED_MS) throw new Error(`nothing has moved for ${STALLED_MS / 1000} s`);
}
