// helm test: a campaign of one contact through the simulated carrier, over the gateway's API. Ends with 0 when the contact was reached.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const API = process.env.API_URL;
const WITHIN_MS = 90_000;
const TRUNK = 'helm-test'; // of its own: the limits of others stay as they are
const CSV = 'name;phone\nHelm Test;+5511987654019\n'; // …019: answers at once, talks for 2 s

async function ask(method, path, body, type = 'application/json') {
  const headers = body === undefined ? {} : { 'content-type': type, 'idempotency-key': randomUUID() };
  const response = await fetch(API + path, { method, headers, body: typeof body === 'object' ? JSON.stringify(body) : body, signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** Asks until what comes is good enough. */
async function until(what, question, good) {
  const end = Date.now() + WITHIN_MS;
  for (let last = null; Date.now() < end; await sleep(500)) {
    last = await question();
    if (good(last)) return last;
    if (Date.now() + 500 >= end) throw new Error(`${what}: not within ${WITHIN_MS / 1000} s; last seen: ${JSON.stringify(last)}`);
  }
}

await ask('PUT', `/v1/trunks/${TRUNK}`, { maxChannels: 1, callsPerSecond: 1 });
const { campaignId } = await ask('POST', '/v1/campaigns', { name: `helm test ${new Date().toISOString()}`, mode: 'agentless', trunk: TRUNK, windowFrom: '00:00', windowTo: '24:00', maxAttempts: 3, retryDelaySec: 5 });
const { id } = await ask('POST', `/v1/campaigns/${campaignId}/contacts/import`, CSV, 'text/csv');
await until('import', () => ask('GET', `/v1/imports/${id}`), ({ status, imported }) => status === 'done' && imported === 1);
await ask('POST', `/v1/campaigns/${campaignId}/start`);
await until('campaign', () => ask('GET', `/v1/campaigns/${campaignId}`), ({ status }) => status === 'finished');
const { attempts } = await ask('GET', `/v1/campaigns/${campaignId}/metrics`);
if (attempts.byDisposition.answered !== 1) throw new Error(`not reached: ${JSON.stringify(attempts)}`);
process.stdout.write(`one contact called and reached: campaign ${campaignId}\n`);
