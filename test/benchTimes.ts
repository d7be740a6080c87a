// How benchmarks take times: processor time, which others on the machine do not lengthen, and Python beside it.
import { spawnSync } from 'node:child_process';

export interface Times {
  readonly best: number;
  readonly median: number;
}

/** Time that this process and its threads have had of all processors, ms. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of processor time of each run of `work`, after one that warms up. */
export async function takeTimes(rounds: number, work: () => unknown): Promise<Times> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begun = processorMs();
    await work();
    times.push(processorMs() - begun);
  }
  return toTimes(times);
}

export function toTimes(times: readonly number[]): Times {
  const sorted = [...times].sort((a, b) => a - b);
  return { best: sorted[0] ?? NaN, median: sorted[sorted.length >> 1] ?? NaN };
}

/** Runs a Python program on JSON and gives the JSON that it prints; undefined where there is no Python. */
export function askPython(program: string, input: unknown): unknown {
  const { status, stdout, stderr, error } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error) return undefined;
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** The one line that a benchmark prints. */
export function report(row: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(row));
}
