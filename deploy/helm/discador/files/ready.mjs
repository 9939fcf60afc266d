// helm test where a call would reach a real carrier: only asks whether the gateway and all that it needs are there.
const response = await fetch(`${process.env.API_URL}/health/ready`, { signal: AbortSignal.timeout(10_000) });
process.stdout.write(`${response.status} ${await response.text()}\n`);
if (!response.ok) process.exitCode = 1;
