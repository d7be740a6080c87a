// The parsers of Slurm's answers, on what the real one has said.
import assert from 'node:assert/strict';
import { WatchError } from '../../../engine/errors';
import { ArrayMemory } from '../../../engine/slurm/arrayMemory';
import { parseLocation, parseProbe } from '../../../engine/slurm/capabilities';
import { fromAccount, fromQueue, toReports } from '../../../engine/slurm/jobRows';
import { readRowId } from '../../../engine/slurm/rowId';
import { parseSacct, parseSubmitLines } from '../../../engine/slurm/sacct';
import { parseShowJobs } from '../../../engine/slurm/scontrol';
import { parseSqueue, type QueueRow } from '../../../engine/slurm/squeue';
import type { JobReport } from '../../../engine/ports';
import { sacctAnswer, scontrolAnswer, squeueAnswer, waitingTasks } from './recorded';

const queue = parseSqueue(squeueAnswer);
const reports = toReports(queue.map(fromQueue));
const reportOf = (id: string): JobReport => {
  const report = reports.find((each) => each.id === id);
  assert.ok(report, id);
  return report;
};

describe("Slurm's answers", () => {
  it('give each job, task and array by the id that it is addressed with', () => {
    assert.deepEqual(
      reports.map(({ id, isArray, arrayTask }) => [id, isArray, arrayTask?.task ?? null]),
      [
        ['41', true, null],
        ['48', true, null],
        ['40', false, null],
        ['42', false, null],
        ['49', false, null],
        ['44', false, null],
        ['41_1', false, 1],
        ['46', false, null],
        ['46+1', false, null],
        ['48_1', false, 1],
        ['48_2', false, 2],
      ],
    );
  });

  it('give an ended job its code, signal and times, and a name with a line end whole', () => {
    const { name, state, exitCode, submitted, started, ended } = reportOf('40');
    assert.deepEqual(
      { name, state, exitCode, submitted, started, ended },
      {
        name: 'we ird\nna|me',
        state: 'FAILED',
        exitCode: '3:0',
        submitted: 1795559997000,
        started: 1795559997000,
        ended: 1795559997000,
      },
    );
    assert.equal(reportOf('42').exitCode, '0:53');
  });

  it('give a waiting job its reason, and no start that Slurm only expects', () => {
    const { state, reason, started, ended, restarts, requeueable, timeLimitSeconds } = reportOf('49');
    assert.deepEqual(
      { state, reason, started, ended, restarts, requeueable, timeLimitSeconds },
      {
        state: 'PENDING',
        reason: 'BeginTime',
        started: null,
        ended: null,
        restarts: 1,
        requeueable: true,
        timeLimitSeconds: 5400,
      },
    );
    assert.equal(reportOf('41_1').reason, '');
  });

  it('expand the patterns of outputs, which squeue shows as they are written', () => {
    assert.deepEqual(reportOf('42').outputs, {
      stdout: '/home/me/work/o-f.sh-42-node1-00042-%.txt',
      stderr: '/home/me/work/e-42',
    });
    const both = (path: string): JobReport['outputs'] => ({ stdout: path, stderr: path });
    assert.deepEqual(reportOf('48_1').outputs, both('/home/me/work/t-48_001-50'));
    assert.deepEqual(reportOf('41_1').outputs, both('/home/me/work/slurm-41_1.out'));
    assert.deepEqual(reportOf('46').outputs, both('/home/me/work/slurm-46.out'));
    assert.deepEqual(reportOf('41').outputs, { stdout: null, stderr: null });
  });

  it('leave a path open that depends on a node that is not known yet', () => {
    const row = queue.find(({ shown }) => shown === '44');
    assert.ok(row);
    const named = fromQueue({ ...row, stdout: '/home/me/work/%N.out' });
    assert.deepEqual(named.outputs, { stdout: null, stderr: '/home/me/work/slurm-44.out' });
  });

  it('show an array as over only when no record of it lives', () => {
    assert.deepEqual([reportOf('41').state, reportOf('48').state], ['RUNNING', 'RUNNING']);
    const rows = queue.filter(({ arrayJob }) => arrayJob === '41').map(fromQueue);
    const ending = (...states: JobReport['state'][]): string | undefined =>
      toReports(rows.map((row, index) => ({ ...row, state: states[index] ?? row.state })))[0]?.state;
    assert.equal(ending('PENDING', 'COMPLETED'), 'PENDING');
    assert.equal(ending('CANCELLED', 'FAILED'), 'FAILED');
    assert.equal(ending('CANCELLED', 'COMPLETED'), 'CANCELLED');
    assert.equal(ending('CANCELLED', 'TIMEOUT'), 'TIMEOUT');
    assert.equal(ending('CANCELLED', 'CANCELLED'), 'CANCELLED');
  });

  it('are refused where they cannot be read', () => {
    for (const text of ['nonsense', 'a\u001fb\u001e\n', squeueAnswer.slice(0, -4)])
      assert.throws(() => parseSqueue(text), WatchError, JSON.stringify(text.slice(0, 20)));
    assert.throws(() => parseSacct('40\u001fFAILED\n'), WatchError);
    assert.deepEqual(parseSqueue(''), []);
    assert.deepEqual(parseSacct('\n'), []);
  });

  it('of sacct count the runs before a requeue', () => {
    const rows = parseSacct(sacctAnswer);
    assert.deepEqual(
      rows.map(({ shown, state, restarts }) => [shown, state, restarts]),
      [
        ['40', 'FAILED', 0],
        ['44', 'PENDING', 0],
        ['49', 'RUNNING', 1],
        ['41_1', 'CANCELLED', 0],
      ],
    );
    const [first] = toReports(rows.map(fromAccount)).filter(({ id }) => id === '40');
    assert.deepEqual([first?.name, first?.timeLimitSeconds], ['we ird\nna|me', 3600]);
  });

  it('of sacct tell two jobs apart that had the same number', () => {
    const later = sacctAnswer
      .replaceAll('REQUEUED', 'FAILED')
      .replaceAll('1795559999\u001f1795560005', '1795569999\u001f1795570005');
    const [row] = parseSacct(later).filter(({ shown }) => shown === '49');
    assert.deepEqual([row?.restarts, row?.submitted, row?.earlier], [0, 1795569999000, []]);
  });

  it('of sacct lead from each run of a job to the next, whatever ended it', () => {
    type Run = readonly [state: string, submitted: string, ended: string, line?: string];
    const toText = (...runs: readonly Run[]): string =>
      runs
        .map(([state, submitted, ended, line = 'sbatch q.sh']) =>
          ['7', state, '0:0', submitted, submitted, ended, '90', 'debug', 'n1', line, 'q.sh'].join('\u001f'),
        )
        .join('\n');
    const lastOf = (...runs: readonly Run[]): unknown => {
      const [row] = parseSacct(`${toText(...runs)}\n`);
      return [row?.state, row?.restarts, row?.earlier];
    };
    for (const state of ['REQUEUED', 'PREEMPTED', 'NODE_FAIL', 'BOOT_FAIL', 'REVOKED', 'FAILED', 'TIMEOUT'])
      assert.deepEqual(
        lastOf([state, '100', '200'], ['COMPLETED', '201', '300']),
        ['COMPLETED', 1, [100_000]],
        state,
      );
    assert.deepEqual(
      lastOf(['PREEMPTED', '100', '200'], ['NODE_FAIL', '200', '300'], ['RUNNING', '300', 'Unknown']),
      ['RUNNING', 2, [100_000, 200_000]],
    );
    // After an epilogue of a minute.
    assert.deepEqual(lastOf(['NODE_FAIL', '100', '200'], ['COMPLETED', '260', '300']), [
      'COMPLETED',
      1,
      [100_000],
    ]);
    // Numbers that began anew, and a job that another line submitted.
    assert.deepEqual(lastOf(['COMPLETED', '100', '200'], ['COMPLETED', '9000', '9001']), [
      'COMPLETED',
      0,
      [],
    ]);
    assert.deepEqual(lastOf(['REQUEUED', '100', '200'], ['COMPLETED', '200', '300', 'sbatch other.sh']), [
      ...['COMPLETED', 0],
      [],
    ]);
  });

  it('of sacct name the words that submitted a job', () => {
    const text = '7\u001fsbatch /w/.slurm-watchers/t/a\nb.sh\n9_3\u001fsbatch x.sh\n';
    assert.deepEqual(parseSubmitLines(text), [
      { id: '7', words: 'sbatch /w/.slurm-watchers/t/a\nb.sh' },
      { id: '9', words: 'sbatch x.sh' },
    ]);
  });

  it('of scontrol leave out what it does not know, and paths that it did not expand', () => {
    const rows = parseShowJobs(scontrolAnswer);
    assert.deepEqual(
      rows.map(({ shown, state, restarts, requeueable, name, timeLimitSeconds, exitCode }) => [
        ...[shown, state, restarts, requeueable, name, timeLimitSeconds, exitCode],
      ]),
      [
        ['40', 'FAILED', 0, true, 'we ird\nna|me', 3600, '3:0'],
        ['41_1', 'RUNNING', 2, false, 'q.sh', null, '0:0'],
      ],
    );
    assert.deepEqual(rows[0]?.outputs, {
      stdout: '/home/me/work/slurm-40.out',
      stderr: '/home/me/work/slurm-40.out',
    });
    assert.deepEqual(rows[1]?.outputs, { stdout: null, stderr: '/home/me/work/e-42' });
  });

  it('name the tasks that wait', () => {
    assert.deepEqual(readRowId(`41_[${waitingTasks}%1]`).waiting, waitingTasks.split(',').map(Number));
    assert.deepEqual(readRowId('7_[1-5%2]').waiting, [1, 2, 3, 4, 5]);
    assert.deepEqual(readRowId('7_[0-8:4]').waiting, [0, 4, 8]);
  });

  it('say what the cluster has', () => {
    const probe =
      '@user=me\n@version=slurm-wlm 22.05.8\n@sacct=\nAccountingStorageType   = accounting_storage/slurmdbd\nClusterName             = testbed\n';
    const expected = { setup: '', version: '22.05.8', user: 'me', cluster: 'testbed', accounting: true };
    assert.deepEqual(parseProbe(probe, ''), { ...expected, appends: false });
    assert.equal(parseProbe(`${probe}JobFileAppend           = 1\n`, '').appends, true);
    for (const text of [probe.replace('slurmdbd', 'none'), probe.replace('@sacct=\n', '')])
      assert.equal(parseProbe(text, '').accounting, false);
    assert.equal(parseLocation('@plain=sbatch\n'), '');
    assert.equal(parseLocation('@plain=/usr/bin/sbatch\n'), 'PATH="$PATH:"/usr/bin; export PATH\n');
    assert.equal(
      parseLocation('Welcome!\n@PATH=/opt/my slurm/bin:/bin\n@SLURM_CONF=\n'),
      "PATH='/opt/my slurm/bin:/bin'; export PATH\n",
    );
    assert.equal(parseLocation('Welcome!\n'), undefined);
  });
});

describe('the memory of arrays', () => {
  const rowsOf = (...shown: string[]): QueueRow[] =>
    shown.flatMap((each) =>
      queue.filter((row) => row.shown === '48_1').map((row) => ({ ...row, shown: each })),
    );

  it('asks for tasks that neither wait nor show, until they are found', () => {
    const memory = new ArrayMemory();
    assert.deepEqual(memory.note('48', rowsOf('48_[1-4]')), []);
    assert.deepEqual(memory.note('48', rowsOf('48_[4]', '48_3')), ['48_1', '48_2']);
    assert.deepEqual(memory.settle(new Set(['48_1'])), []);
    assert.deepEqual(memory.note('48', rowsOf('48_4')), ['48_2']);
  });

  it('asks for no task that was cancelled before it began', () => {
    const memory = new ArrayMemory();
    memory.note('48', rowsOf('48_[1-4]'));
    const cancelled = rowsOf('48_[2-4]', '48_1').map((row) => ({ ...row, state: 'CANCELLED' as const }));
    assert.deepEqual(memory.note('48', cancelled), []);
    assert.deepEqual(memory.note('48', []), []);
  });

  it('reports a task that nobody knows any more as unknown, once, with its output', () => {
    const memory = new ArrayMemory();
    memory.note('48', rowsOf('48_[1-2]'));
    const unknown = Array.from({ length: 6 }, () => {
      memory.note('48', rowsOf('48_2'));
      return memory.settle(new Set());
    }).flat();
    assert.deepEqual(
      unknown.map(({ shown, state, outputs }) => [shown, state, outputs.stdout]),
      [['48_1', 'UNKNOWN', '/home/me/work/t-48_001-50']],
    );
  });
});
