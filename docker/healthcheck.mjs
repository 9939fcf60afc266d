// Whether the service in this container answers: for HEALTHCHECK, where there is no shell and no curl. Its port is HTTP_PORT, or the one of its
// own defaults. `healthcheck.mjs ready` asks whether it has all that it needs.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const port = process.env.HTTP_PORT || parse(readFileSync(new URL('service/config/default.yaml', import.meta.url), 'utf8')).httpPort;
const path = process.argv[2] === 'ready' ? 'ready' : 'live';
const answer = await fetch(`http://127.0.0.1:${port}/health/${path}`, { signal: AbortSignal.timeout(4000) }).catch(() => null);
process.exit(answer?.ok ? 0 : 1);
