// What is remembered of arrays from one query to the next: which tasks still waited, so that none comes and goes unseen.
import { toJobEndState } from '../../language/jobStates';
import { fromQueue, type JobRow } from './jobRows';
import { readRowId } from './rowId';
import type { QueueRow } from './squeue';

interface ArrayNotes {
  /** The tasks that had not begun, and the record that stood for them. */
  waiting: ReadonlySet<number>;
  record: QueueRow | null;
  /** Tasks that began and ended between two queries, and how often they were asked for. */
  readonly lost: Map<number, number>;
}

/** Accounting may lag behind by some queries; then a lost task is reported with an unknown end. */
const maxQuestions = 4;

export class ArrayMemory {
  private readonly arrays = new Map<string, ArrayNotes>();

  /** Notes what the queue shows of an array; gives the tasks that are neither there nor waiting any more. */
  note(array: string, rows: readonly QueueRow[]): readonly string[] {
    const ids = rows.map((row) => ({ row, ...readRowId(row.shown) }));
    const record = ids.find(({ task }) => task === null)?.row ?? null;
    const isOver = record !== null && toJobEndState(record.state) !== null;
    const ranges = ids.flatMap((id) => id.waiting);
    // Tasks that were cancelled before they began stay in one record.
    const shown = new Set([...ids.map(({ task }) => task), ...(isOver ? ranges : [])]);
    const waiting = new Set(isOver ? [] : ranges);
    const notes = this.arrays.get(array) ?? { waiting, record, lost: new Map<number, number>() };
    for (const task of notes.waiting)
      if (!waiting.has(task) && !shown.has(task) && !notes.lost.has(task)) notes.lost.set(task, 0);
    notes.waiting = waiting;
    notes.record = record ?? notes.record;
    this.arrays.set(array, notes);
    return [...notes.lost.keys()].map((task) => `${array}_${task}`);
  }

  /** Whether the array was never looked at: tasks of it may have ended before. */
  isNew(array: string): boolean {
    return !this.arrays.has(array);
  }

  /** What was found out about lost tasks; gives rows for those that nobody knows any more. */
  settle(found: ReadonlySet<string>): readonly JobRow[] {
    const unknown: JobRow[] = [];
    for (const [array, { lost, record }] of this.arrays) {
      for (const [task, count] of lost) {
        const id = `${array}_${task}`;
        if (found.has(id)) lost.delete(task);
        else if (count + 1 < maxQuestions) lost.set(task, count + 1);
        else {
          lost.delete(task);
          if (record) unknown.push(toUnknown(record, id));
        }
      }
    }
    return unknown;
  }

  /** Arrays that nobody asks for any more are forgotten. */
  keep(arrays: ReadonlySet<string>): void {
    for (const array of this.arrays.keys()) if (!arrays.has(array)) this.arrays.delete(array);
  }
}

const toUnknown = (record: QueueRow, shown: string): JobRow => ({
  ...fromQueue({ ...record, shown }),
  state: 'UNKNOWN',
  reason: '',
  exitCode: '',
  ended: null,
});
