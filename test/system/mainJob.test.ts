// The main job on real input: a script with watchers is submitted, watched and acted upon, whatever happens to the engine.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../waitFor';
import { createCommandLine, projectRoot, type CommandLine } from './commandLine';

interface EventRow {
  readonly id: number;
  readonly kind: string;
  readonly action: string | null;
  readonly success: boolean | null;
  readonly watcher: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly result: string;
}

interface MetricRow {
  readonly name: string;
  readonly value: number;
  readonly step: number;
}

interface JobRow {
  readonly job: string;
  readonly state: string;
}

const example = join(projectRoot, 'examples/train.sh');
const lineCount = 300;

/** Prints numbered lines for about three seconds; its watchers keep every number, and the last line has no end. */
const countingScript = `#!/bin/bash
#WATCHER name=all pattern="line (\\d+)" captures=[n] interval=1s action=store_metric(name=n, value=$n)
#WATCHER name=tens pattern="line (\\d*0)$" captures=[n] interval=2s action=log_event(message="ten $n")
for n in $(seq ${lineCount}); do
  echo "line $n"
  sleep 0.01
done
printf 'line %d' ${lineCount + 1}
`;

const numbersUpTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('the main job', function () {
  let cli: CommandLine;
  beforeEach(() => {
    cli = createCommandLine();
  });
  afterEach(() => cli.close());

  const submitCounting = (): ReturnType<CommandLine['begin']> => {
    const path = join(cli.workdir, 'count.sh');
    writeFileSync(path, countingScript);
    return cli.begin('run', path, '--json');
  };

  const checkCounting = async (events: readonly EventRow[]): Promise<void> => {
    const metrics = await cli.json<MetricRow[]>('metrics', '--name', 'n', '--json');
    assert.deepEqual(
      metrics.map(({ value }) => value),
      numbersUpTo(lineCount + 1),
    );
    assert.deepEqual(
      metrics.map(({ step }) => step),
      numbersUpTo(lineCount + 1).map((n) => n - 1),
    );
    const tens = events.filter(({ watcher, action }) => watcher === 'tens' && action === 'log_event');
    assert.deepEqual(
      tens.map(({ params }) => params['message']),
      numbersUpTo(lineCount / 10).map((n) => `ten ${n * 10}`),
    );
    assert.deepEqual(
      events.map(({ id }) => id),
      [...new Set(events.map(({ id }) => id))].sort((a, b) => a - b),
    );
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'gap'),
      [],
    );
  };

  const toRows = (stdout: string): { events: EventRow[]; jobs: JobRow[] } => {
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as EventRow | JobRow);
    return {
      events: rows.filter((row): row is EventRow => 'kind' in row),
      jobs: rows.filter((row): row is JobRow => 'state' in row),
    };
  };

  it('runs the example to its cancellation by the watcher', async () => {
    const { status, stdout, stderr } = await cli.run('run', example, '--json');
    assert.equal(status, 1, stderr);
    const { events, jobs } = toRows(stdout);
    assert.deepEqual(
      jobs.map(({ state }) => state),
      ['CANCELLED'],
    );
    const losses = events.filter(({ action }) => action === 'store_metric');
    assert.deepEqual(
      losses.map(({ params }) => params['value']),
      ['1.204', '0.981', '0.847', '0.702', '0.655'],
    );
    assert.ok(
      events.some(({ watcher, action }) => watcher === 'progress' && action === 'log_event'),
      'timer mode acted',
    );
    const cancel = events.find(({ action }) => action === 'cancel_job');
    assert.equal(cancel?.success, true);
    assert.equal(cancel.watcher, 'out of memory');
    assert.ok(
      events.some(({ kind, result }) => kind === 'state' && result.includes('out of memory')),
      'the job says who cancelled it',
    );
    assert.match(readFileSync(join(cli.workdir, `train-${jobs[0]?.job ?? ''}.out`), 'utf8'), /CANCELLED AT/);
  });

  it('matches every line once, the last one without a line end too', async () => {
    const { status, stdout, stderr } = await submitCounting().finished;
    assert.equal(status, 0, stderr);
    await checkCounting(toRows(stdout).events);
  });

  it('matches every line once when the engine is killed in the middle, again and again', async () => {
    const running = submitCounting();
    for (const share of [0.1, 0.4, 0.7]) {
      await waitFor('the next numbers', () => running.stdout().split('\n').length > share * lineCount);
      const pid = await waitFor('an engine', () => cli.enginePid());
      process.kill(pid, 'SIGKILL');
    }
    const { status, stdout, stderr } = await running.finished;
    assert.equal(status, 0, stderr);
    await checkCounting(toRows(stdout).events);
  });

  it('catches up with what a job printed while no engine ran', async () => {
    const path = join(cli.workdir, 'count.sh');
    writeFileSync(path, countingScript);
    const { job } = await cli.json<{ job: string }>('submit', path, '--on', 'sandbox', '--json');
    process.kill(await waitFor('an engine', () => cli.enginePid()), 'SIGKILL');
    const output = join(cli.workdir, `slurm-${job}.out`);
    await waitFor('the end of the job', () => readFileSync(output, 'utf8').endsWith(`line ${lineCount + 1}`));
    await cli.run('engine', 'start');
    const events = await waitFor('its last number', async () => {
      const found = await cli.json<EventRow[]>('events', '--job', job, '--json');
      return found.some(({ params }) => params['value'] === String(lineCount + 1)) && found;
    });
    await checkCounting(events);
  });

  it('waits for the actions of the end, and names the job that continues it', async () => {
    const path = join(cli.workdir, 'chain.sh');
    writeFileSync(
      path,
      `#!/bin/bash
#WATCHER name=slow trigger_on_job_end=true action=run_command(command="sleep 1.5 && echo saved")
#WATCHER name=again trigger_on_job_end=true remaining_resubmits=1 action=resubmit(delay=1)
true
`,
    );
    const { stdout, stderr } = await cli.run('run', path, '--yes');
    assert.match(stdout, /run_command .*slow: .*saved/);
    assert.match(stdout, /^Job 1 ended COMPLETED/m);
    assert.match(stdout, /^Job 2 continues it \(resubmit by "again", job 2 of at most 2\)\.$/m);
    assert.match(stderr, /Waiting for run_command of "slow"/);
  });

  it('is cancelled by the person, a task alone or the whole array', async () => {
    const path = join(cli.workdir, 'array.sh');
    writeFileSync(
      path,
      '#!/bin/bash\n#SBATCH --array=0-1\n#WATCHER pattern="x" action=log_event\nsleep 60\n',
    );
    const { job } = await cli.json<{ job: string }>('submit', path, '--on', 'sandbox', '--json');
    const states = async (): Promise<string> =>
      (await cli.json<JobRow[]>('jobs', '--job', job, '--json'))
        .map((row) => `${row.job} ${row.state}`)
        .sort()
        .join(', ');
    await waitFor('both tasks', async () => (await states()).match(/_\d RUNNING/g)?.length === 2);
    assert.equal((await cli.run('cancel', `${job}_1`)).status, 2);
    const { status, stdout } = await cli.run('cancel', `${job}_1`, '--yes');
    assert.deepEqual([status, stdout], [0, `Cancelling array.sh (job ${job}_1) on sandbox.\n`]);
    await waitFor('its end', async () => (await states()).includes(`${job}_1 CANCELLED`));
    assert.match(await states(), new RegExp(`${job}_0 RUNNING`));
    assert.equal((await cli.run('cancel', job, '--yes')).status, 0);
    await waitFor('the end of the array', async () => /^1 CANCELLED, 1_0 CANCELLED/.test(await states()));
  });

  it('can be looked at while config.json is broken, which is told once', async () => {
    await cli.run('engine', 'start');
    writeFileSync(join(cli.home, 'config.json'), '{', { mode: 0o600 });
    for (const words of [['events'], ['list'], ['jobs'], ['engine', 'status'], ['lint', example]]) {
      const { status, stderr } = await cli.run(...words);
      assert.equal(status, 0, words.join(' '));
      assert.equal(stderr.match(/warning: .*config\.json is not JSON/g)?.length, 1, words.join(' '));
    }
    const refused = await cli.run('submit', example, '--on', 'sandbox');
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /error: .*config\.json is not JSON/);
    assert.equal((await cli.run('engine', 'stop')).status, 0);
  });

  it('does not submit a script with an error, and says where it is', async () => {
    const path = join(cli.workdir, 'bad.sh');
    writeFileSync(path, '#!/bin/bash\n#WATCHER pattern="(loss" action=cancel_job\necho never\n');
    const { status, stdout, stderr } = await cli.run('run', path);
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /bad\.sh:2:19: error: .*\[bad-regex\]/);
    assert.match(stderr, /was not submitted/);
    assert.deepEqual(await cli.json('list', '--all', '--json'), []);
  });
});
