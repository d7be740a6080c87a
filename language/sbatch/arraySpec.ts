// Slurm's array specifications: `0-15`, `1,3,5-9`, `0-15:4`, `1-100%20`.

export interface ArraySpec {
  /** Rising, each once. */
  readonly tasks: readonly number[];
  /** At most so many at a time; Infinity without `%`. */
  readonly limit: number;
}

/** More tasks are refused, as MaxArraySize does. */
const maxTasks = 10_001;

/** Undefined where sbatch refuses it. Source: sbatch(1), --array. */
export function parseArraySpec(text: string): ArraySpec | undefined {
  const match = /^([\d,:-]+)(?:%(\d+))?$/.exec(text.trim());
  if (!match) return undefined;
  const tasks = new Set<number>();
  for (const part of (match[1] ?? '').split(',')) {
    const range = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/.exec(part);
    if (!range) return undefined;
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    const stride = Number(range[3] ?? 1);
    if (last < first || stride < 1 || last >= maxTasks) return undefined;
    for (let task = first; task <= last; task += stride) tasks.add(task);
  }
  const limit = match[2] === undefined ? Infinity : Number(match[2]);
  return limit < 1 ? undefined : { tasks: [...tasks].sort((a, b) => a - b), limit };
}

/** Whether sbatch can read it, however many tasks the cluster allows. */
export const isArraySpec = (text: string): boolean =>
  /^\d+(?:-\d+(?::[1-9]\d*)?)?(?:,\d+(?:-\d+(?::[1-9]\d*)?)?)*(?:%[1-9]\d*)?$/.test(text);
