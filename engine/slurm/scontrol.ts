// scontrol: single jobs of any user, as long as the controller remembers them.
import type { JobRow } from './jobRows';
import { cleanQueryEnvironment } from './environment';
import { quoteWords } from './shellWords';
import { toSeconds, toState, toTime } from './table';

/** One after another: it takes one job at a time. What it does not know is left out. */
export const showJobsCommand = (ids: readonly string[]): string => `${cleanQueryEnvironment}
for id in ${quoteWords(ids)}; do scontrol --oneliner show job "$id" 2>&1; done
exit 0`;

/** Paths as scontrol expands them, which is not all that Slurm does: null where something is left. */
export function parseShowJobs(text: string): readonly JobRow[] {
  return text
    .split(/\n(?=JobId=)/)
    .filter((record) => record.startsWith('JobId='))
    .map(parseRecord);
}

function parseRecord(record: string): JobRow {
  const text = ` ${record.trim()}`;
  const valueOf = (key: string): string =>
    new RegExp(` ${key}=(.*?)(?= [A-Za-z][\\w/:]*=|$)`, 's').exec(text)?.[1] ?? '';
  const array = valueOf('ArrayJobId');
  const task = valueOf('ArrayTaskId');
  const het = valueOf('HetJobId');
  const plain = het === '' ? valueOf('JobId') : `${het}+${valueOf('HetJobOffset')}`;
  const shown = array === '' ? plain : `${array}_${/^\d+$/.test(task) ? task : `[${task}]`}`;
  const pathOf = (key: string): string | null => {
    const path = valueOf(key);
    return path === '' || /%|4294967294/.test(path) ? null : path;
  };
  const nodes = valueOf('NodeList');
  return {
    shown,
    state: toState(valueOf('JobState')),
    restarts: Number(valueOf('Restarts')) || 0,
    requeueable: valueOf('Requeue') === '1',
    exitCode: valueOf('ExitCode'),
    submitted: toTime(valueOf('SubmitTime')),
    started: toTime(valueOf('StartTime')),
    ended: toTime(valueOf('EndTime')),
    reason: valueOf('Reason'),
    timeLimitSeconds: toSeconds(valueOf('TimeLimit')),
    partition: valueOf('Partition'),
    nodes: nodes === '(null)' ? '' : nodes,
    name: valueOf('JobName'),
    words: valueOf('Command'),
    earlier: [],
    outputs: { stdout: pathOf('StdOut'), stderr: pathOf('StdErr') },
  };
}
