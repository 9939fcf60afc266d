/** Receives one finished line for the user. */
export type Report = (line: string) => void;

/** Lines go to stderr: stdout belongs to `--json`. */
export const reportToStderr: Report = (line) => void process.stderr.write(`${line}\n`);

const SLOW_MS = 1_500;

/** Runs `work` and reports what it was and how long it took; says so at the start already when it takes a while. */
export async function step<T>(report: Report, name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const slow = setTimeout(() => report(`… ${name}`), SLOW_MS);
  try {
    const result = await work();
    report(`✓ ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    return result;
  } finally {
    clearTimeout(slow);
  }
}
