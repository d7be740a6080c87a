// squeue: one command for all jobs of a user, and what its answer says.
import { cleanQueryEnvironment } from './environment';
import type { KnownRecord } from './record';
import { quoteWord } from './shellWords';
import {
  fieldEnd,
  printfFieldEnd,
  printfRecordEnd,
  recordEnd,
  toSeconds,
  toState,
  toTime,
  unreadable,
} from './table';

/** A record of the queue: a job, a task, or what still waits of an array. */
export interface QueueRow extends KnownRecord {
  /** The array's number, or the job's own. */
  readonly arrayJob: string;
  /** The number that Slurm itself counts by; a task's own, which nothing may be asked of. */
  readonly rawId: string;
  readonly user: string;
  /** The node that runs the script; empty before it starts. */
  readonly batchHost: string;
  readonly workdir: string;
  /** Patterns with the working directory before them, but without a pattern where the script names none. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Source: squeue(1), "--Format"; free text stands behind all that is not. */
const fields = [
  'JobArrayID',
  'ArrayJobID',
  'JobID',
  'StateCompact',
  'RestartCnt',
  'Requeue',
  'exit_code',
  'SubmitTime',
  'StartTime',
  'EndTime',
  'TimeLimit',
  'Partition',
  'UserName',
  'BatchHost',
  'NodeList',
  'Reason',
  'Command',
  'WorkDir',
  'STDOUT',
  'STDERR',
  'Name',
] as const;

/** All states, hidden partitions too: what is missing is not in the queue. Nothing but the user's jobs is sent. */
export function squeueCommand(user: string): string {
  const format = fields.map((field) => `${field}:$${field === 'Name' ? 'R' : 'F'}`).join(',');
  return `${cleanQueryEnvironment}
F=${printfFieldEnd} R=${printfRecordEnd}
exec squeue --noheader --all --states=all --user=${quoteWord(user)} --Format="${format}"`;
}

export function parseSqueue(text: string): readonly QueueRow[] {
  const records = text.split(`${recordEnd}\n`);
  const rest = records.pop() ?? '';
  if (rest.trim() !== '') throw unreadable('squeue', rest);
  return records.map(parseRecord);
}

function parseRecord(record: string): QueueRow {
  const values = record.split(fieldEnd);
  if (values.length < fields.length) throw unreadable('squeue', record);
  const valueOf = (field: (typeof fields)[number]): string => values[fields.indexOf(field)] ?? '';
  const state = toState(valueOf('StateCompact'));
  return {
    shown: valueOf('JobArrayID'),
    arrayJob: valueOf('ArrayJobID'),
    rawId: valueOf('JobID'),
    state,
    restarts: Number(valueOf('RestartCnt')) || 0,
    requeueable: valueOf('Requeue') === '1',
    exitCode: toExitCode(valueOf('exit_code')),
    submitted: toTime(valueOf('SubmitTime')),
    started: toTime(valueOf('StartTime')),
    ended: toTime(valueOf('EndTime')),
    reason: valueOf('Reason'),
    timeLimitSeconds: toSeconds(valueOf('TimeLimit')),
    partition: valueOf('Partition'),
    user: valueOf('UserName'),
    batchHost: valueOf('BatchHost') === 'n/a' ? '' : valueOf('BatchHost'),
    nodes: valueOf('NodeList'),
    words: valueOf('Command'),
    earlier: [],
    workdir: valueOf('WorkDir'),
    stdout: valueOf('STDOUT'),
    stderr: valueOf('STDERR'),
    name: values.slice(fields.length - 1).join(fieldEnd),
  };
}

/** squeue prints the raw status that wait(2) gives; other versions print `code:signal` themselves. */
function toExitCode(text: string): string {
  if (text.includes(':')) return text;
  const status = Number(text) || 0;
  const signal = status & 0x7f;
  return signal === 0 ? `${status >> 8}:0` : `0:${signal}`;
}
