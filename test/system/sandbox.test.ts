// The sandbox: the conformance suite on real processes, and what only it has to do.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchError } from '../../engine/errors';
import { systemClock } from '../../engine/io/clock';
import { createSandboxCluster } from '../../engine/io/sandboxCluster';
import type { Cluster, JobReport } from '../../engine/ports';
import { clusterConformance } from '../engine/clusterConformance';
import { createOwnMachine } from '../engine/io/ownMachine';
import { waitFor } from '../waitFor';
import { projectRoot } from './commandLine';
import { deliversMail, openMailbox } from '../slurm/mailbox';

interface Sandbox {
  readonly cluster: Cluster;
  readonly directory: string;
  readonly workdir: string;
  readonly open: () => Cluster;
  readonly close: () => void;
}

function createSandbox(): Sandbox {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'slurm-watchers-sandbox-')));
  const directory = join(base, 'sandbox');
  const workdir = join(base, 'work space ü');
  mkdirSync(directory);
  mkdirSync(workdir);
  const open = (): Cluster =>
    createSandboxCluster({
      name: 'sandbox',
      directory,
      runnerPath: join(projectRoot, 'dist/engine/sandboxRunner.js'),
      nodePath: process.execPath,
      clock: systemClock,
      machine: createOwnMachine(),
    });
  return {
    cluster: open(),
    directory,
    workdir,
    open,
    close: () => {
      rmSync(base, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

clusterConformance(
  'sandbox',
  () => {
    const { cluster, workdir, open, close } = createSandbox();
    return Promise.resolve({
      cluster,
      workdir,
      ...(deliversMail && { mailbox: openMailbox() }),
      reopen: () => Promise.resolve(open()),
      close: () => {
        close();
        return Promise.resolve();
      },
      until: (what, look) => waitFor(what, look),
    });
  },
  deliversMail,
);

describe('the sandbox', () => {
  let sandbox: Sandbox;
  let count = 0;
  before(() => {
    sandbox = createSandbox();
  });
  after(() => {
    sandbox.close();
  });

  const submit = async (script: string, options: readonly string[] = []): Promise<string> => {
    const token = `own${++count}`;
    return (
      await sandbox.cluster.submit({
        token,
        scriptName: 'own.sh',
        script,
        cleanScript: script,
        workdir: sandbox.workdir,
        options,
      })
    ).id;
  };
  const openAt = (directory: string, clock = systemClock): Cluster =>
    createSandboxCluster({
      ...{ name: 'sandbox', directory, nodePath: process.execPath, clock },
      runnerPath: join(projectRoot, 'dist/engine/sandboxRunner.js'),
      machine: createOwnMachine(),
    });
  const ended = (id: string): Promise<JobReport> =>
    waitFor(`the end of ${id}`, async () =>
      (await sandbox.cluster.query([id])).find((report) => report.id === id && report.ended !== null),
    );
  const output = async (id: string): Promise<string> =>
    readFileSync((await ended(id)).outputs.stdout ?? '', 'utf8');

  it('sets what jobs of Slurm know of themselves', async () => {
    const id = await submit(
      '#!/bin/bash\necho "$SLURM_JOB_ID|$SLURM_JOB_NAME|$SLURM_SUBMIT_DIR|$SLURM_CLUSTER_NAME|$PWD"\n',
      ['-J', 'my job'],
    );
    assert.equal(await output(id), `${id}|my job|${sandbox.workdir}|sandbox|${sandbox.workdir}\n`);
  });

  it('keeps what belongs to an editor away from jobs', async () => {
    process.env['VSCODE_SECRET'] = 'x';
    try {
      assert.equal(
        await output(await submit('#!/bin/bash\nenv | grep -c -E "^(VSCODE_|ELECTRON_|NODE_OPTIONS)"\n')),
        '0\n',
      );
    } finally {
      delete process.env['VSCODE_SECRET'];
    }
  });

  const everything = (directory: string): string =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');

  it('hands jobs the environment of whoever started the engine, and writes none of it', async () => {
    process.env['SOME_API_KEY'] = 's3cr3t-token';
    try {
      const script =
        '#!/bin/bash\necho "$SOME_API_KEY|$NODE_OPTIONS|$GIVEN|$(env | grep -c ^SANDBOX_JOB_)"\n';
      const id = await submit(script, ['--export=ALL,NODE_OPTIONS=--require=/nonexistent,GIVEN=7']);
      assert.equal(await output(id), 's3cr3t-token|--require=/nonexistent|7|0\n');
      assert.doesNotMatch(everything(sandbox.directory), /s3cr3t/);
    } finally {
      delete process.env['SOME_API_KEY'];
    }
  });

  it('takes the environment out of what version 0.1.0 left, unless its runner may still want to read it', () => {
    const directory = mkdtempSync(join(sandbox.workdir, 'former-'));
    const job = { id: 1, submitted: Date.now() - 120_000, environment: { KEY: 's3cr3t' } };
    const leave = (id: number, submitted: number, isRead: boolean): void => {
      mkdirSync(join(directory, String(id)));
      writeFileSync(join(directory, String(id), 'job.json'), JSON.stringify({ ...job, id, submitted }));
      if (isRead) writeFileSync(join(directory, String(id), 'runner.json'), '{"pid":1,"startTime":null}');
    };
    leave(1, job.submitted, false);
    leave(2, Date.now(), true);
    leave(3, Date.now(), false);
    mkdirSync(join(directory, '4'));
    writeFileSync(join(directory, '4', 'job.json'), '{');
    openAt(directory);
    const left = [1, 2, 3].map((id) => everything(join(directory, String(id))).includes('s3cr3t'));
    assert.deepEqual(left, [false, false, true]);
    assert.deepEqual(JSON.parse(readFileSync(join(directory, '1', 'job.json'), 'utf8')), {
      id: 1,
      submitted: job.submitted,
    });
  });

  it('removes what jobs left a month after their end, and gives no number twice', async () => {
    const directory = mkdtempSync(join(sandbox.workdir, 'old-'));
    const ahead = { now: 0 };
    const cluster = openAt(directory, { ...systemClock, now: () => systemClock.now() + ahead.now });
    const hand = async (token: string, script: string): Promise<string> => {
      const { workdir } = sandbox;
      const submission = { token, scriptName: 's', script, cleanScript: script, workdir, options: [] };
      const { id } = await cluster.submit(submission);
      await waitFor(`the end of ${id}`, async () => (await cluster.query([id]))[0]?.ended);
      return id;
    };
    await hand('a', '#!/bin/bash\n');
    await hand('b', '#!/bin/bash\n');
    ahead.now = 20 * 86_400_000;
    await hand('c', '#!/bin/bash\n');
    assert.deepEqual(readdirSync(directory).sort(), ['1', '2', '3', 'tokens']);
    ahead.now = 40 * 86_400_000;
    await hand('d', '#!/bin/bash\n');
    // Written in this minute, by the clock of files: the third is of the same age.
    assert.deepEqual(readdirSync(directory).sort(), ['3', '4', 'tokens']);
    assert.deepEqual(readdirSync(join(directory, 'tokens')).sort(), ['c', 'd']);
    assert.equal(await hand('e', '#!/bin/bash\n'), '5');
  });

  it('runs the interpreter that the script names', async () => {
    assert.equal(await output(await submit('#!/usr/bin/env python3\nprint(6 * 7)\n')), '42\n');
  });

  it('ends a job at its time limit, with what it has started', async () => {
    const id = await submit('#!/bin/bash\nsleep 300 &\nchild=$!\necho $child\ntrap "" TERM\nwait\n', [
      '--time=0:01',
    ]);
    const report = await ended(id);
    assert.equal(report.state, 'TIMEOUT');
    const [pid = '', ...rest] = readFileSync(report.outputs.stdout ?? '', 'utf8').split('\n');
    assert.match(
      rest.join('\n'),
      /slurmstepd: error: \*\*\* JOB \d+ ON \S+ CANCELLED AT \S+ DUE TO TIME LIMIT \*\*\*/,
    );
    await waitFor('the end of its child', () => spawnSync('kill', ['-0', pid]).status !== 0 || isZombie(pid));
  });

  it('shows a job that a signal has ended', async () => {
    assert.equal((await ended(await submit('#!/bin/bash\nkill -KILL $$\n'))).exitCode, '0:9');
    assert.equal(
      (await ended(await submit('#!/bin/bash\nkill -USR1 $$\n'))).exitCode,
      `0:${constants.signals.SIGUSR1}`,
    );
  });

  it('fails a job whose output is not a file, and runs the others', async () => {
    const fifo = join(sandbox.workdir, 'left-over');
    assert.equal(spawnSync('mkfifo', [fifo]).status, 0);
    const array = await submit('#!/bin/bash\necho "$SLURM_ARRAY_TASK_ID"\n', [
      '--array=1-2',
      '-o',
      'left-over',
    ]);
    for (const task of [1, 2]) assert.equal((await ended(`${array}_${task}`)).state, 'FAILED');
    assert.equal(await output(await submit('#!/bin/bash\necho on\n')), 'on\n');
    rmSync(fifo);
  });

  it('shows a job whose runner was killed as lost with its node', async () => {
    const id = await submit('#!/bin/bash\nsleep 300\n');
    const file = join(sandbox.directory, id, 'runner.json');
    await waitFor('running', async () => (await sandbox.cluster.query([id]))[0]?.state === 'RUNNING');
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    assert.equal((await ended(id)).state, 'NODE_FAIL');
  });

  it('waits for a runner on a clock that nobody sets', async () => {
    const ahead = { now: 0, steady: 0 };
    const cluster = createSandboxCluster({
      name: 'sandbox',
      directory: mkdtempSync(join(sandbox.workdir, 'clocks-')),
      // It never says who it is.
      runnerPath: '',
      nodePath: '/bin/true',
      clock: {
        ...systemClock,
        now: () => systemClock.now() + ahead.now,
        steady: () => systemClock.steady() + ahead.steady,
      },
      machine: createOwnMachine(),
    });
    const script = '#!/bin/bash\n';
    const { workdir } = sandbox;
    const { id } = await cluster.submit({
      ...{ token: 'late', scriptName: 'late.sh', script, cleanScript: script, workdir, options: [] },
    });
    const state = async (): Promise<string | undefined> => (await cluster.query([id]))[0]?.state;
    assert.equal(await state(), 'PENDING');
    ahead.now = 86_400_000;
    assert.equal(await state(), 'PENDING');
    ahead.steady = 20_000;
    assert.equal(await state(), 'NODE_FAIL');
  });

  it('runs at most so many tasks of an array at a time', async () => {
    const script =
      '#!/bin/bash\nmkdir "run-$SLURM_ARRAY_TASK_ID"\nset -- run-*\necho $#\nread -t 0.2 < <(sleep 5)\nrmdir "run-$SLURM_ARRAY_TASK_ID"\n';
    const id = await submit(script, ['--array=1-6%2']);
    const tasks = await waitFor('all tasks', async () => {
      const found = (await sandbox.cluster.query([id])).filter(({ arrayTask }) => arrayTask !== null);
      return found.length === 6 && found.every((report) => report.ended !== null) && found;
    });
    const most = Math.max(...tasks.map(({ outputs }) => Number(readFileSync(outputs.stdout ?? '', 'utf8'))));
    assert.ok(most <= 2, `${most} at a time`);
  });

  it('runs a job once, however early and often it is looked for', async () => {
    const script = '#!/bin/bash\necho begun\nread -t 0.5 < <(sleep 5)\necho ended\n';
    const submission = {
      token: 'once',
      scriptName: 'once.sh',
      script,
      cleanScript: script,
      workdir: sandbox.workdir,
      options: ['--open-mode=append'],
    };
    const { id } = await sandbox.cluster.submit(submission);
    // Its runner has not begun: whoever looks now takes it for one that was interrupted.
    for (let look = 0; look < 3; look++)
      assert.deepEqual(await sandbox.open().findSubmission(submission), { id });
    assert.equal(await output(id), 'begun\nended\n');
  });

  it('appends to an output where that is asked for', async () => {
    writeFileSync(join(sandbox.workdir, 'log.txt'), 'before\n');
    assert.equal(
      await output(await submit('#!/bin/bash\necho after\n', ['-o', 'log.txt', '--open-mode=append'])),
      'before\nafter\n',
    );
  });

  const refuses = (what: string, script: string, options: readonly string[], words: RegExp): void => {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        submit(script, options),
        (error) =>
          error instanceof WatchError &&
          error.code === 'submission-refused' &&
          words.test(error.message) &&
          error.remedy !== '',
      );
    });
  };
  refuses('Windows line ends', '#!/bin/bash\r\necho\r\n', [], /DOS line breaks/);
  refuses(
    'a time limit that is none',
    '#!/bin/bash\n',
    ['--time=soon'],
    /Invalid --time specification: soon/,
  );
  refuses('an array that is none', '#!/bin/bash\n', ['--array=a-b'], /Invalid job array specification/);
  refuses(
    'a folder that is not there',
    '#!/bin/bash\n',
    ['--chdir=/nonexistent/folder'],
    /Unable to open directory/,
  );
});

function isZombie(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true; // It is gone altogether.
  }
}
