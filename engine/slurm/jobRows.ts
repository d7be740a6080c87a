// Records of Slurm as reports: tasks under their array's number, arrays as a whole, outputs as Slurm names them.
import { jobStateTable, toJobEndState, type JobState } from '../../language/jobStates';
import type { JobReport } from '../ports';
import { findWorst } from '../arrayEnd';
import { defaultOutput, expandOutputPath } from './outputPath';
import type { JobRecord, KnownRecord } from './record';
import { readRowId } from './rowId';

import type { QueueRow } from './squeue';

/** A record with the paths of its outputs, whichever command told it. */
export interface JobRow extends KnownRecord {
  readonly outputs: JobReport['outputs'];
}

/** With paths, once it is known where it runs if they depend on it. */
export function fromQueue(row: QueueRow): JobRow {
  const { task } = readRowId(row.shown);
  const isArray = row.shown.includes('_');
  const node = row.batchHost.split('.')[0] ?? '';
  const expand = (path: string): string | null => {
    // squeue makes up the default name from the record's own number, which is not an array task's.
    const isDefault = isArray && path === `${row.workdir}/slurm-${row.rawId}.out`;
    const pattern = isDefault ? defaultOutput(true) : withoutFolder(path, row.workdir);
    const needsHost = /%\d*N/.test(pattern) && !pattern.includes('\\');
    if (path === '' || (needsHost && node === '') || (isArray && task === null)) return null;
    return expandOutputPath(pattern, {
      jobId: row.rawId,
      arrayJobId: row.arrayJob,
      arrayTask: task,
      jobName: row.name,
      user: row.user,
      node,
      workdir: row.workdir,
    });
  };
  const { stdout, stderr, ...rest } = row;
  return { ...rest, outputs: { stdout: expand(stdout), stderr: expand(stderr) } };
}

const withoutFolder = (path: string, folder: string): string =>
  path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;

/** Accounting knows no paths, and not whether a job may be queued again. */
export const fromAccount = (row: JobRecord): JobRow => ({
  ...row,
  requeueable: false,
  reason: '',
  outputs: { stdout: null, stderr: null },
});

/** States of a job that waits, whatever start Slurm expects for it. */
const isWaiting = (state: JobState): boolean => /^(PD|RQ|RH|RF|RD|SE)$/.test(jobStateTable[state].short);

function toReport(row: JobRow): JobReport {
  const { id, array, task } = readRowId(row.shown);
  const { state, requeueable, restarts, name, outputs, partition, nodes, timeLimitSeconds } = row;
  const isOver = toJobEndState(state) !== null;
  return {
    id,
    arrayTask: array === null || task === null ? null : { job: array, task },
    isArray: array !== null && task === null,
    name,
    state,
    reason: isWaiting(state) && row.reason !== 'None' ? row.reason : '',
    submitted: row.submitted ?? 0,
    // Slurm gives a job that is cancelled while it waits a start, but no node.
    started: isWaiting(state) || (isOver && nodes === '') ? null : row.started,
    ended: isOver ? row.ended : null,
    exitCode: isOver ? row.exitCode : null,
    restarts,
    requeueable,
    outputs,
    partition,
    nodes,
    timeLimitSeconds,
    ...(row.words === '' ? {} : { words: row.words }),
    ...(row.earlier.length === 0 ? {} : { earlier: row.earlier }),
  };
}

/** Reports of all records, with one for each array as a whole before those of its tasks. */
export function toReports(rows: readonly JobRow[]): readonly JobReport[] {
  const arrays = new Map<string, JobRow[]>();
  for (const row of rows) {
    const { array } = readRowId(row.shown);
    if (array !== null) arrays.set(array, [...(arrays.get(array) ?? []), row]);
  }
  const wholes = [...arrays].map(([id, records]) => toArrayReport(id, records));
  return [...wholes, ...rows.map(toReport).filter(({ isArray }) => !isArray)];
}

function toArrayReport(id: string, rows: readonly JobRow[]): JobReport {
  const waiting = rows.find(({ shown }) => readRowId(shown).task === null);
  const first = waiting ?? rows[0];
  const states = rows.map(({ state }) => state);
  const live = states.filter((state) => toJobEndState(state) === null);
  const over = findWorst(states);
  const state = live.find((each) => !isWaiting(each)) ?? live[0] ?? over;
  const submitted = Math.min(...rows.map((row) => row.submitted ?? Infinity));
  return {
    id,
    arrayTask: null,
    isArray: true,
    name: first?.name ?? '',
    state,
    reason: isWaiting(state) ? (first?.reason ?? '') : '',
    submitted: Number.isFinite(submitted) ? submitted : 0,
    started: null,
    ended: null,
    exitCode: null,
    // Tasks are queued again one by one; the array itself is not.
    restarts: 0,
    requeueable: rows.some(({ requeueable }) => requeueable),
    outputs: { stdout: null, stderr: null },
    partition: first?.partition ?? '',
    nodes: '',
    timeLimitSeconds: first?.timeLimitSeconds ?? null,
    unbegun: countUnbegun(rows),
    ...(first === undefined || first.words === '' ? {} : { words: first.words }),
    ...(first === undefined || first.earlier.length === 0 ? {} : { earlier: first.earlier }),
  };
}

/** Tasks that were cancelled before they began have one record together; one that is late may still hold others. */
function countUnbegun(rows: readonly JobRow[]): number {
  const ids = rows.map((row) => ({ row, ...readRowId(row.shown) }));
  const begun = new Set(ids.map(({ task }) => task));
  const over = ids.filter(({ row }) => toJobEndState(row.state) !== null);
  return new Set(over.flatMap(({ waiting }) => waiting).filter((task) => !begun.has(task))).size;
}
