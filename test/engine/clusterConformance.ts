// What every kind of cluster must do: run on the fake, the sandbox, and whatever else implements the port.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { WatchError } from '../../engine/errors';
import type { Submission } from '../../engine/model';
import type { Cluster, ClusterCommand, CommandOutcome, JobReport, ReadAnswer } from '../../engine/ports';
import { toJobEndState } from '../../language/jobStates';
import { toMailBody, toMailHeader } from '../../language/show/mail';
import { readHeader } from '../readMail';

export interface Mailbox {
  /** Whom mail is sent to that arrives in it. */
  readonly address: string;
  /** All that has arrived. */
  read(): string;
}

export interface ClusterStage {
  readonly cluster: Cluster;
  /** A folder that jobs may write to. */
  readonly workdir: string;
  /** Waits until `look` gives something, as time passes on this cluster. */
  until<Value>(what: string, look: () => Promise<Value | undefined | false>): Promise<Value>;
  /** It knows no limit of tasks that run at a time. */
  readonly startsAll?: true;
  /** Where mail of its mailer arrives; absent: there is no mailer. */
  readonly mailbox?: Mailbox;
  /** The cluster as another engine sees it that starts now. */
  reopen(): Promise<Cluster>;
  close(): Promise<void>;
}

/** Of all suites of this process: what a cluster of the same name remembers of one belongs to no other. */
let count = 0;
/** What clusters remember of another run of the tests belongs to none of this one. */
const thisRun = randomUUID().replaceAll('-', '');

/**
 * Scripts use only `echo`, `sleep` and `exit`, and commands what `FakeCluster` knows beside them: every cluster understands
 * them, the fake one too.
 */
export function clusterConformance(
  name: string,
  setStage: () => Promise<ClusterStage>,
  hasMailer = true,
): void {
  if (!hasMailer) console.log(`Absent here: mail by the mailer of the cluster ${name}.`);
  describe(`cluster ${name}`, () => {
    let stage: ClusterStage;
    let folder: string | null;
    before(async () => {
      stage = await setStage();
      folder = await stage.cluster.findPrivateFolder();
    });
    after(() => stage.close());

    const toSubmission = (body: string, options: readonly string[] = [], head = ''): Submission => {
      const script = `#!/bin/bash\n${head}${body}\n`;
      count += 1;
      return {
        token: `token${count}x${thisRun}`,
        scriptName: 'conform.sh',
        script,
        cleanScript: script,
        workdir: stage.workdir,
        options,
        ...(folder === null ? {} : { folder }),
      };
    };
    const submit = async (body: string, options: readonly string[] = [], head = ''): Promise<string> =>
      (await stage.cluster.submit(toSubmission(body, options, head))).id;
    const find = async (id: string, cluster = stage.cluster): Promise<JobReport | undefined> =>
      (await cluster.query([id])).find((report) => report.id === id);
    const reach = (id: string, state: JobReport['state']): Promise<JobReport> =>
      stage.until(`${id} ${state}`, async () => {
        const report = await find(id);
        return report?.state === state && report;
      });
    const readText = async (path: string | null, from = 0, maxBytes = 1 << 20): Promise<string> => {
      const [answer] = await stage.cluster.read([
        { path: path ?? '', from, maxBytes, before: 0, head: 0, fresh: true },
      ]);
      return answer?.kind === 'read'
        ? Buffer.from(answer.bytes).toString()
        : `(${answer?.kind ?? 'nothing'})`;
    };

    it('runs a script and shows how it ended', async () => {
      const id = await submit('echo hello');
      const report = await reach(id, 'COMPLETED');
      assert.equal(report.exitCode, '0:0');
      assert.equal(report.name, 'conform.sh');
      assert.ok(report.started !== null && report.ended !== null && report.ended >= report.started);
      await stage.until('its output', async () => (await readText(report.outputs.stdout)) === 'hello\n');
    });

    it('shows a failure with its code', async () => {
      const report = await reach(await submit('exit 3'), 'FAILED');
      assert.equal(report.exitCode, '3:0');
    });

    it('gives each job an id of its own', async () => {
      const ids = await Promise.all(Array.from({ length: 10 }, () => submit('exit 0')));
      assert.equal(new Set(ids).size, 10);
      for (const id of ids) await reach(id, 'COMPLETED');
    });

    it('makes one job of one token, however often it is handed in', async () => {
      const submission = toSubmission('sleep 1');
      const { id } = await stage.cluster.submit(submission);
      assert.deepEqual(await stage.cluster.submit(submission), { id });
      assert.deepEqual(await stage.cluster.findSubmission(submission), { id });
      assert.deepEqual(await (await stage.reopen()).findSubmission(submission), { id });
    });

    it('keeps scripts away from working directories, which others may write to', async () => {
      await reach(await submit('exit 0'), 'COMPLETED');
      assert.equal(await readText(`${stage.workdir}/.slurm-watchers`), '(missing)');
      assert.ok(folder === null || !folder.startsWith(`${stage.workdir}/`));
    });

    it('knows no submission that it never had', async () => {
      assert.equal(await stage.cluster.findSubmission(toSubmission('exit 0')), null);
    });

    it('runs commands before scripts are handed in, tells what they print, and gives it', async () => {
      let told = '';
      const tell = (text: string): void => void (told += text);
      assert.deepEqual(await stage.cluster.setUp('echo one\necho two', stage.workdir, tell), {
        code: 0,
        output: 'one\ntwo\n',
      });
      assert.equal(told, 'one\ntwo\n');
    });

    it('ends them at the first that fails, with its code', async () => {
      const { cluster, workdir } = stage;
      assert.deepEqual(await cluster.setUp('echo one\nfalse\necho two', workdir, () => undefined), {
        code: 1,
        output: 'one\n',
      });
      assert.deepEqual(await cluster.setUp('exit 7', workdir, () => undefined), { code: 7, output: '' });
    });

    it('refuses what is no batch script, in the words of sbatch', async () => {
      const submission = { ...toSubmission(''), cleanScript: 'echo hello\n' };
      await assert.rejects(
        stage.cluster.submit(submission),
        (error) =>
          error instanceof WatchError &&
          error.code === 'submission-refused' &&
          error.message.includes('This does not look like a batch script'),
      );
      assert.equal(await stage.cluster.findSubmission(submission), null);
    });

    it('begins a job once those have ended that it depends on, and at its time', async () => {
      const first = await submit('sleep 600');
      const second = await submit('echo after', [`--dependency=afterany:${first}`]);
      const third = await submit('echo later', ['--begin=now+3']);
      await reach(first, 'RUNNING');
      assert.equal((await find(second))?.started, null);
      const late = await reach(third, 'COMPLETED');
      assert.ok((late.started ?? 0) - late.submitted >= 2000, `${late.started ?? 0} ${late.submitted}`);
      assert.equal((await reach(second, 'PENDING')).reason, 'Dependency');
      await stage.cluster.cancel(first);
      await reach(second, 'COMPLETED');
    });

    it('cancels a running job', async () => {
      const id = await submit('echo begun\nsleep 600');
      await reach(id, 'RUNNING');
      await stage.cluster.cancel(id);
      const report = await reach(id, 'CANCELLED');
      assert.ok(report.ended !== null);
    });

    it('takes a second cancellation, and one of an ended job, for nothing', async () => {
      const id = await submit('exit 0');
      await reach(id, 'COMPLETED');
      await stage.cluster.cancel(id);
      await stage.cluster.cancel(id);
      assert.equal((await find(id))?.state, 'COMPLETED');
    });

    it('says so where a job is not known', async () => {
      await assert.rejects(
        stage.cluster.cancel('999999'),
        (error) => error instanceof WatchError && error.code === 'not-found',
      );
      assert.deepEqual(await stage.cluster.query(['999999']), []);
    });

    it('takes nothing for a job but an id', async () => {
      const id = await submit('sleep 600');
      await reach(id, 'RUNNING');
      for (const word of [
        '',
        '-unobody',
        '--me',
        `../${id}`,
        '../..',
        `${id};id`,
        `${id},1`,
        `${id} `,
        'abc',
      ]) {
        await assert.rejects(
          stage.cluster.cancel(word),
          (error) => error instanceof WatchError && error.code === 'not-found',
          word,
        );
        assert.deepEqual(await stage.cluster.query([word]), [], word);
      }
      assert.equal((await find(id))?.state, 'RUNNING');
      await stage.cluster.cancel(id);
      await reach(id, 'CANCELLED');
    });

    it('lists the jobs of the user, with what a tree shows of them', async () => {
      const id = await submit('sleep 600', ['--job-name=listed', '--time=90']);
      await reach(id, 'RUNNING');
      const listed = (await stage.cluster.listJobs()).find((report) => report.id === id);
      assert.equal(listed?.name, 'listed');
      assert.equal(listed.timeLimitSeconds, 90 * 60);
      assert.ok(listed.partition !== '' && listed.nodes !== '' && listed.started !== null);
      await stage.cluster.cancel(id);
      await reach(id, 'CANCELLED');
    });

    it('is connected, and counts what it asks', async () => {
      const { commands, reads } = stage.cluster;
      await stage.cluster.query([await submit('exit 0')]);
      await readText('/nowhere');
      assert.equal(stage.cluster.connection, 'connected');
      assert.ok(stage.cluster.commands > commands);
      assert.equal(stage.cluster.reads, reads + 1);
    });

    it('goes on without whoever submitted, and is found again', async () => {
      const id = await submit('sleep 1\necho done');
      const later = await stage.reopen();
      await stage.until('its end', async () => (await find(id, later))?.state === 'COMPLETED');
    });

    it('takes options from the script, and those behind it first', async () => {
      const id = await submit(
        'exit 0',
        ['--job-name=second'],
        '#SBATCH --job-name=first\n#SBATCH -o out-%j-%x.txt\n',
      );
      const { name: jobName, outputs } = await reach(id, 'COMPLETED');
      assert.equal(jobName, 'second');
      assert.equal(outputs.stdout, `${stage.workdir}/out-${id}-second.txt`);
      assert.equal(outputs.stderr, outputs.stdout);
    });

    it('writes the two outputs apart where that is asked for', async () => {
      const id = await submit('echo to out\necho to err >&2', ['-o', 'o-%j', '-e', 'e-%j']);
      const { outputs } = await reach(id, 'COMPLETED');
      await stage.until(
        'both',
        async () =>
          (await readText(outputs.stdout)) === 'to out\n' && (await readText(outputs.stderr)) === 'to err\n',
      );
    });

    it('runs the tasks of an array, each with its output', async () => {
      const id = await submit('echo task $SLURM_ARRAY_TASK_ID', ['--array=1,3']);
      const reports = await stage.until('all tasks', async () => {
        const tasks = (await stage.cluster.query([id])).filter(({ arrayTask }) => arrayTask !== null);
        return tasks.length === 2 && tasks.every(({ state }) => state === 'COMPLETED') && tasks;
      });
      assert.deepEqual(reports.map((report) => [report.id, report.arrayTask]).sort(), [
        [`${id}_1`, { job: id, task: 1 }],
        [`${id}_3`, { job: id, task: 3 }],
      ]);
      for (const { outputs, arrayTask } of reports)
        assert.equal(await readText(outputs.stdout), `task ${arrayTask?.task ?? ''}\n`);
    });

    it('cancels a task alone', async () => {
      const id = await submit('sleep 600', ['--array=1-2']);
      await reach(`${id}_2`, 'RUNNING');
      await stage.cluster.cancel(`${id}_2`);
      await reach(`${id}_2`, 'CANCELLED');
      assert.equal(
        (await stage.cluster.query([id])).find((report) => report.id === `${id}_1`)?.state,
        'RUNNING',
      );
      await stage.cluster.cancel(id);
      await reach(`${id}_1`, 'CANCELLED');
    });

    it('shows an array as over when all its tasks are', async () => {
      const id = await submit('exit 0', ['--array=0-2']);
      await stage.until('the array', async () => {
        const whole = await find(id);
        return whole?.isArray === true && toJobEndState(whole.state) !== null;
      });
    });

    it('empties an output that is there, and goes on writing it where that is asked for', async () => {
      const run = async (word: string, ...options: string[]): Promise<string> => {
        const { outputs } = await reach(
          await submit(`echo ${word}`, ['-o', 'shared.log', ...options]),
          'COMPLETED',
        );
        await stage.until(word, async () => (await readText(outputs.stdout)).includes(word));
        return readText(outputs.stdout);
      };
      assert.equal(await run('one'), 'one\n');
      assert.equal(await run('two'), 'two\n');
      assert.equal(await run('three', '--open-mode=append'), 'two\nthree\n');
      assert.equal(await stage.cluster.appendsByDefault(), false);
    });

    it('says of a job that was submitted elsewhere whether it appends', async () => {
      for (const mode of ['append', 'truncate'] as const) {
        const id = await submit('exit 0', [], `#SBATCH --open-mode=${mode}\n`);
        assert.equal(await stage.cluster.findOpenMode(id), mode);
        await reach(id, 'COMPLETED');
      }
    });

    it('says of a job that never ran that it never began', async () => {
      const id = await submit('sleep 600', ['--array=1-2%1', '-o', 'never-%a']);
      await reach(`${id}_1`, 'RUNNING');
      await stage.cluster.cancel(`${id}_2`);
      await stage.cluster.cancel(id);
      const report = await reach(`${id}_2`, 'CANCELLED');
      if (stage.startsAll !== true) assert.equal(report.started, null);
    });

    it('reads stretches, with what stands before them', async () => {
      const id = await submit('echo 0123456789\necho abcdefghij');
      const { outputs } = await reach(id, 'COMPLETED');
      const path = outputs.stdout ?? '';
      await stage.until('all of it', async () => (await readText(path)).length === 22);
      const [answer, missing] = await stage.cluster.read([
        { path, from: 11, maxBytes: 4, before: 5, head: 3, fresh: false },
        { path: `${path}.none`, from: 0, maxBytes: 4, before: 0, head: 0, fresh: false },
      ]);
      const shown = (found: ReadAnswer | undefined): unknown =>
        found?.kind === 'read'
          ? [
              found.size,
              ...[found.bytes, found.before, found.head].map((bytes) => Buffer.from(bytes).toString()),
            ]
          : found;
      assert.deepEqual(shown(answer), [22, 'abcd', '789\n'.padStart(5, '6'), '012']);
      assert.deepEqual(missing, { kind: 'missing' });
    });

    it('gives nothing, not an error, behind the end of a file', async () => {
      const { outputs } = await reach(await submit('echo x'), 'COMPLETED');
      await stage.until('it', async () => (await readText(outputs.stdout)) === 'x\n');
      assert.equal(await readText(outputs.stdout, 2), '');
      assert.equal(await readText(outputs.stdout, 100), '');
    });

    const toCommand = (command: string, given: Partial<ClusterCommand> = {}): ClusterCommand => {
      count += 1;
      return {
        ...{ token: `command${count}x${thisRun}`, command, workdir: stage.workdir },
        ...{ environment: {}, timeoutSeconds: 120, folder },
        ...given,
      };
    };
    /** What a promise of the cluster comes to, as time passes on it. */
    const settled = async <Value>(promise: Promise<Value>): Promise<Value> => {
      const end: { value?: Value; error?: unknown } = {};
      promise.then(
        (value) => (end.value = value),
        (error: unknown) => (end.error = error),
      );
      await stage.until('the end of a command', () =>
        Promise.resolve(end.value !== undefined || end.error !== undefined),
      );
      if (end.error !== undefined) throw end.error as Error;
      return end.value as Value;
    };
    const run = (command: string, given: Partial<ClusterCommand> = {}): Promise<CommandOutcome> =>
      settled(stage.cluster.runCommand(toCommand(command, given)));

    it('tells the folder that a job works in', async () => {
      const id = await submit('exit 0', [], '#SBATCH --chdir=/\n');
      assert.equal(await stage.cluster.findJobWorkdir(id), '/');
      assert.equal(await stage.cluster.findJobWorkdir(await submit('exit 0')), stage.workdir);
      // Whatever else is told of a job.
      const commented = await submit('exit 0', [], '#SBATCH --comment="x WorkDir=/etc/evil y"\n');
      assert.equal(await stage.cluster.findJobWorkdir(commented), stage.workdir);
      assert.equal(await stage.cluster.findJobWorkdir('999999'), null);
    });

    it('runs a command in its folder, with what it prints and how it ends', async () => {
      const { seconds, ...outcome } = await run('echo to out\necho to err >&2\npwd\nexit 3');
      assert.deepEqual(outcome, {
        ...{ exitCode: 3, timedOut: false },
        output: `to out\nto err\n${stage.workdir}\n`,
      });
      assert.ok(seconds !== null && seconds < 60);
      const silent = await run('exit 0');
      assert.deepEqual([silent.exitCode, silent.output], [0, '']);
    });

    it('gives a command its variables as they are', async () => {
      const environment = { WATCHER_loss: '0.5', WATCHER_odd: `a 'b' "$(c)" \`d\` \\ é\n$HOME` };
      const { output } = await run('echo "$WATCHER_loss|$WATCHER_odd|$WATCHER_none|"', { environment });
      assert.equal(output, `0.5|${environment.WATCHER_odd}||\n`);
    });

    it('takes any bytes of a command, and keeps the last of many', async () => {
      assert.equal((await run("printf 'a\\377b\\n'")).output, 'a\ufffdb\n');
      const { output, exitCode } = await run('seq 200000');
      assert.equal(exitCode, 0);
      assert.equal(output.length, 65_536);
      assert.ok(output.endsWith('\n199999\n200000\n'));
    });

    it('refuses a command for a folder that is not there', async () => {
      await assert.rejects(
        run('echo x', { workdir: `${stage.workdir}/missing` }),
        (error) =>
          error instanceof WatchError && error.code === 'bad-request' && /missing/.test(error.message),
      );
    });

    it('runs a command once, however often it is asked for', async () => {
      const file = `${stage.workdir}/once-${process.pid}`;
      const command = toCommand(`echo begun >> "${file}"\nsleep 2\necho told`);
      const other = await stage.reopen();
      const outcomes = await Promise.all(
        [stage.cluster, other, stage.cluster].map((cluster) => settled(cluster.runCommand(command))),
      );
      outcomes.push(await settled(other.runCommand(command)));
      const found = await settled(other.findCommand(command));
      assert.ok(found);
      outcomes.push(found);
      assert.deepEqual(
        outcomes.map(({ exitCode, output }) => [exitCode, output]),
        Array(5).fill([0, 'told\n']),
      );
      assert.equal(await readText(file), 'begun\n');
    });

    it('finds a command that is at work, and waits for it', async () => {
      const file = `${stage.workdir}/found-${process.pid}`;
      const command = toCommand(`echo begun >> "${file}"\nsleep 2\necho told`);
      const begun = stage.cluster.runCommand(command);
      await stage.until('its beginning', async () => (await readText(file)) === 'begun\n');
      const found = await settled((await stage.reopen()).findCommand(command));
      assert.deepEqual(found, await settled(begun));
      assert.equal(found.output, 'told\n');
    });

    it('never runs a command that was looked for in vain', async () => {
      const file = `${stage.workdir}/never-${process.pid}`;
      const command = toCommand(`echo begun >> "${file}"`);
      assert.equal(await settled(stage.cluster.findCommand(command)), null);
      await assert.rejects(settled(stage.cluster.runCommand(command)), /before it began/);
      assert.equal(await settled(stage.cluster.findCommand(command)), null);
      assert.equal(await readText(file), '(missing)');
    });

    if (hasMailer)
      it('hands mail to its mailer, with subject and text as they are read', async () => {
        const { mailbox } = stage;
        assert.ok(mailbox);
        const sign = `${thisRun}-${count++}`;
        const subject = toMailHeader(`Größe =?utf-8?Q?x?= $(id) ${sign}`);
        const body = toMailBody(`at step 5\n.\n~!id\nFrom here\nend-${sign}\n`);
        const time = Date.UTC(2026, 0, 2, 3, 4, 5);
        const mailer = await stage.cluster.sendMail({
          from: null,
          to: [mailbox.address],
          subject,
          body,
          time,
        });
        assert.match(mailer, /^(?:sendmail|mailx?)$/);
        const text = await stage.until('the mail', () => {
          const all = mailbox.read();
          const message = all.split(/^(?=From )/m).find((one) => one.includes(`end-${sign}`));
          return Promise.resolve(message);
        });
        assert.equal(readHeader(text.replace(/^From .*\n/, ''), 'Subject'), subject);
        assert.ok(text.includes('at step 5\n .\n ~!id\n From here\n'), text);
      });

    it('ends a command with all its processes when its time is over', async () => {
      const file = `${stage.workdir}/late-${process.pid}`;
      const { timedOut, output, exitCode } = await run(
        `setsid sh -c 'sleep 7; echo late >> "${file}"' &\necho begun\nsleep 600\necho never`,
        { timeoutSeconds: 2 },
      );
      assert.deepEqual([timedOut, output, exitCode], [true, 'begun\n', 143]);
      await run('sleep 8');
      assert.equal(await readText(file), '(missing)');
    });

    it('tells the end of a command that leaves something behind, which goes on', async () => {
      const file = `${stage.workdir}/left-${process.pid}`;
      const { output, exitCode, leavesProcesses } = await run(
        `setsid sh -c 'sleep 3; echo more; echo left >> "${file}"' &\necho begun`,
      );
      assert.deepEqual([output, exitCode, leavesProcesses], ['begun\n', 0, true]);
      await stage.until('what it left', async () => (await readText(file)) === 'left\n');
    });
  });
}
