// How Slurm shows a record's number, and how the record is addressed.
import { parseArraySpec } from '../../language/sbatch/arraySpec';

/** How a record is addressed: a task as `A_k`, the first component of a heterogeneous job as the job. */
export interface RowId {
  readonly id: string;
  readonly array: string | null;
  readonly task: number | null;
  /** What still waits of an array. */
  readonly waiting: readonly number[];
}

export function readRowId(shown: string): RowId {
  const single = { array: null, task: null, waiting: [] };
  const inArray = /^(\d+)_(?:(\d+)|\[(.*)\])$/.exec(shown);
  if (!inArray) return { ...single, id: shown.replace(/\+0$/, '') };
  const [, array = '', task, range = ''] = inArray;
  if (task !== undefined) return { id: shown, array, task: Number(task), waiting: [] };
  return { id: array, array, task: null, waiting: parseArraySpec(range)?.tasks ?? [] };
}
