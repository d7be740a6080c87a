// Slurm's array specifications: `0-15`, `1,3,5-9`, `0-15:4`, `1-100%20`.

export interface ArraySpec {
  /** Rising, each once. */
  readonly tasks: readonly number[];
  /** At most this many at a time; Infinity without `%` and for `%0`. */
  readonly limit: number;
}

/** More tasks are refused, as MaxArraySize does. */
const maxTasks = 10_001;

interface Range {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** Undefined where sbatch refuses it. Source: sbatch(1), --array. */
export function parseArraySpec(text: string): ArraySpec | undefined {
  const ranges = readRanges(text);
  if (!ranges || ranges.some(({ last }) => last >= maxTasks)) return undefined;
  const isTask = new Uint8Array(maxTasks);
  for (const { first, last, step } of ranges)
    for (let task = first; task <= last; task += step) isTask[task] = 1;
  const limit = Number(/%(\d+)/.exec(text)?.[1] ?? 0);
  const tasks = [...isTask.keys()].filter((task) => isTask[task] === 1);
  return { tasks, limit: limit === 0 ? Infinity : limit };
}

/** Whether sbatch can read it, however many tasks the cluster allows. */
export const isArraySpec = (text: string): boolean => readRanges(text) !== undefined;

/**
 * Brackets, commas without an index, blanks before one and a limit behind any of them are read as Slurm does; a limit
 * that is no number, which Slurm passes over, is refused. Source: `_parse_array_tok` in slurmctld/job_mgr.c.
 */
function readRanges(text: string): readonly Range[] | undefined {
  const ranges: Range[] = [];
  for (const part of text.split(',').filter((token) => token !== '')) {
    const match = /^\[?\s*(\d+)\]?(?:-\s*(\d+)\]?(?::\s*(\d+)\]?)?)?(?:%\d+)?\]?$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const range = { first, last: Number(match[2] ?? first), step: Number(match[3] ?? 1) };
    if (range.last < first || range.step < 1) return undefined;
    ranges.push(range);
  }
  return ranges.length > 0 ? ranges : undefined;
}
