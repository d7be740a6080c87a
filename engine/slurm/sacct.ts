// sacct: what accounting knows of jobs that the queue has forgotten, and of those that came from a script.
import { cleanQueryEnvironment } from './environment';
import type { JobRecord } from './record';
import { readRowId } from './rowId';
import { quoteWord } from './shellWords';
import { fieldEnd, printfFieldEnd, toState, toTime, unreadable } from './table';

const fields = [
  'JobID',
  'State',
  'ExitCode',
  'Submit',
  'Start',
  'End',
  'TimelimitRaw',
  'Partition',
  'NodeList',
  'SubmitLine',
  'JobName',
] as const;

const sacct = `${cleanQueryEnvironment}
exec sacct --noheader --parsable2 --allocations --delimiter=${printfFieldEnd}`;

/** With the runs before a requeue. `version`: before 21.08 there is no SubmitLine, and something else stands for it. */
export const sacctCommand = (ids: readonly string[], version: string): string => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const hasLine = major > 21 || (major === 21 && minor >= 8);
  const asked = fields.map((field) => (field === 'SubmitLine' && !hasLine ? 'JobID' : field));
  return `${sacct} --duplicates --jobs=${quoteWord(ids.join(','))} --format=${asked.join(',')}`;
};

/** Seconds that Slurm may take to note the end of a run and the submission of the next one, ms. */
const requeueSlackMs = 2000;

/**
 * A job that is queued again is submitted at the moment when its run before has ended, whatever ended it. Where cleaning up
 * lay in between, the state of that run tells. Another job of the same number came later, from another line.
 */
function continues(before: JobRecord, next: JobRecord): boolean {
  const { ended, submitted } = before;
  if (next.submitted === null || before.name !== next.name || before.words !== next.words) return false;
  if (ended !== null && Math.abs(next.submitted - ended) <= requeueSlackMs) return true;
  return (
    /^(REQUEUED|PREEMPTED|NODE_FAIL|BOOT_FAIL|REVOKED)$/.test(before.state) &&
    next.submitted >= (ended ?? submitted ?? 0)
  );
}

/** Rows of jobs, each as its last run shows it. */
export function parseSacct(text: string): readonly JobRecord[] {
  const rows = new Map<string, JobRecord>();
  for (const values of splitRecords(text, fields.length)) {
    const valueOf = (field: (typeof fields)[number]): string => values[fields.indexOf(field)] ?? '';
    const shown = valueOf('JobID');
    const minutes = Number(valueOf('TimelimitRaw'));
    const nodes = valueOf('NodeList');
    const record: JobRecord = {
      shown,
      state: toState(valueOf('State')),
      restarts: 0,
      earlier: [],
      exitCode: valueOf('ExitCode'),
      submitted: toTime(valueOf('Submit')),
      started: toTime(valueOf('Start')),
      ended: toTime(valueOf('End')),
      timeLimitSeconds: minutes > 0 ? minutes * 60 : null,
      partition: valueOf('Partition'),
      nodes: nodes === 'None assigned' ? '' : nodes,
      name: valueOf('JobName'),
      words: valueOf('SubmitLine') === shown ? '' : valueOf('SubmitLine'),
    };
    const before = rows.get(shown);
    const runs =
      before && continues(before, record)
        ? { restarts: before.restarts + 1, earlier: [...before.earlier, before.submitted ?? 0] }
        : {};
    rows.set(shown, { ...record, ...runs });
  }
  return [...rows.values()];
}

/** Jobs of the last weeks with the words that submitted them. Older versions do not know the field. */
export const submitLinesCommand = (user: string): string =>
  `${sacct} --user=${quoteWord(user)} --starttime=now-30days --format=JobID,SubmitLine`;

export function parseSubmitLines(text: string): readonly { readonly id: string; readonly words: string }[] {
  return splitRecords(text, 2).map(([shown = '', words = '']) => ({
    id: readRowId(shown).array ?? readRowId(shown).id,
    words,
  }));
}

/** The last field of a record is free text and may hold line ends; the first one of the next holds none. */
function splitRecords(text: string, count: number): readonly (readonly string[])[] {
  if (text.trim() === '') return [];
  const pieces = text.replace(/\n$/, '').split(fieldEnd);
  const records: string[][] = [];
  let record: string[] = [];
  pieces.forEach((piece, index) => {
    const isLast = index === pieces.length - 1;
    if (record.length < count - 1 || isLast) {
      record.push(piece);
      return;
    }
    const cut = piece.lastIndexOf('\n');
    record.push(piece.slice(0, cut));
    records.push(record);
    record = [piece.slice(cut + 1)];
  });
  records.push(record);
  for (const each of records) if (each.length !== count) throw unreadable('sacct', each.join(fieldEnd));
  return records;
}
