// What watchers do, through the real command line on the sandbox: at a job's end, by hand, and to a job that diverges.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../waitFor';
import { createCommandLine, type CommandLine } from './commandLine';

/** Each is a line of a job, and what a command of its watcher must get. */
const hostile = [
  "it's; touch pwned",
  '$(touch pwned)',
  '`touch pwned`',
  '"; touch pwned; "',
  "'\\''; touch pwned #",
  '\\',
  '${x:-$(touch pwned)} * ~ !!',
  '\u001b]0;touch pwned\u0007 é😀',
];

interface EventRow {
  readonly output: string | null;
  readonly kind: string;
  readonly action: string | null;
  readonly watcher: string | null;
  readonly result: string;
}

describe('what watchers do on the sandbox', function () {
  let cli: CommandLine;
  beforeEach(() => {
    cli = createCommandLine();
  });
  afterEach(() => cli.close());

  const write = (script: string): string => {
    const path = join(cli.workdir, 'job.sh');
    writeFileSync(path, `#!/bin/bash\n${script}`);
    return path;
  };
  /** Runs a script to its end; gives what was told. */
  const run = async (script: string): Promise<readonly EventRow[]> => {
    await cli.begin('run', write(script), '--json').finished;
    return cli.json<EventRow[]>('events', '--json');
  };
  const show = ({ watcher, kind, action, result }: EventRow): string =>
    `${watcher ?? '-'}: ${action ?? kind} ${result}`;
  const countCancels = (events: readonly EventRow[]): number =>
    events.filter(({ action, kind }) => action === 'cancel_job' && kind === 'action').length;

  it('a watcher of the end evaluates its condition once, over the last captures and the end', async () => {
    const events = await run(
      `#WATCHER name=guard condition="job_end_state == 'timeout'" trigger_on_job_end=true action=log_event(message="wrong")
#WATCHER name=chain pattern="step (\\d+)/(\\d+)" captures=[step, steps] condition="int(step) < int(steps)" trigger_on_job_end=true interval=1s action=log_event(message="$0 at $step: $JOB_STATE $EXIT_CODE")
#WATCHER name=unlisted trigger_on_job_end=true trigger_job_states=[timeout, oom] action=log_event(message="wrong")
#WATCHER name=family trigger_on_job_end=true trigger_job_states=[failed] action=log_event(message="$0 [$1]")
echo step 9/9
echo step 5/9
exit 3
`,
    );
    assert.deepEqual(events.filter(({ watcher, kind }) => watcher !== null && kind !== 'trigger').map(show), [
      "guard: skip job ended: failed, and its condition does not hold: job_end_state == 'timeout' is False",
      'chain: log_event job ended: failed at 5: FAILED 3',
      'unlisted: skip job ended: FAILED; the watcher acts on: timeout, out_of_memory',
      'family: log_event job ended: failed []',
    ]);
  }).timeout(120_000);

  it('a job that diverges in five hundred lines is cancelled once, with the first reason', async () => {
    const events = await run(
      `#WATCHER name=a pattern="loss=(\\d+)" captures=[loss] condition="int(loss) > 9" interval=1s action=cancel_job(reason="loss $loss")
#WATCHER name=b pattern="loss=500$" interval=1s action=cancel_job(reason="late")
for n in $(seq 500); do echo "loss=$n"; done
sleep 1000
`,
    );
    assert.equal(countCancels(events), 1);
    assert.ok(events.some(({ result }) => result === 'job 1 ended: CANCELLED by the watcher "a": loss 10'));
    const leftOut = events.filter(
      ({ kind, result }) => kind === 'trigger' && /left out: cancel_job/.test(result),
    );
    assert.equal(leftOut.length, 491);
  }).timeout(120_000);

  it('a trigger by hand shows what it would do, and is refused where nobody can agree to it', async () => {
    const path = write(
      `#WATCHER name=never pattern="NEVER" interval=1h action=cancel_job(reason="because of $0 / $1")
#WATCHER name=high pattern="loss=(\\d+)" captures=[loss] condition="int(loss) > 9" interval=1h action=cancel_job(reason="loss $loss")
until [ -e go ]; do sleep 0.1; done
echo loss=10
echo loss=3
sleep 1000
`,
    );
    await cli.run('submit', path, '--on', 'sandbox');
    const [never = '', high = ''] = (await cli.json<{ id: string }[]>('list', '--json')).map(({ id }) => id);
    // Paused: they have nothing to say of the output but by hand.
    await cli.run('pause', '--all');
    writeFileSync(join(cli.workdir, 'go'), '');
    const looks = async (id: string): Promise<string> => (await cli.run('trigger', id, '--dry-run')).stdout;
    const shown = await waitFor('the output', async () => {
      const text = await looks(high);
      return text.includes('cancel_job') && text;
    });
    assert.equal(shown, `${high} high acts on "loss=10":\n  cancel_job(reason="loss 10")\n`);
    assert.equal(
      await looks(never),
      `${never} never: does nothing: nothing in the output matches its pattern\n`,
    );

    const unmatched = await cli.run('trigger', never);
    assert.equal(unmatched.status, 0, unmatched.stderr);
    const refused = await cli.run('trigger', never, high);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /This cancels job\.sh \(job 1\) on sandbox\..*--yes/s);
    const before = await cli.json<EventRow[]>('events', '--json');
    assert.equal(countCancels(before), 0);
    assert.ok(before.some(({ result }) => result === 'by hand: nothing in the output matches its pattern'));

    const agreed = await cli.run('trigger', high, '--yes');
    assert.equal(agreed.status, 0, agreed.stderr);
    await waitFor('the end', async () =>
      (await cli.json<EventRow[]>('events', '--json')).some(
        ({ result }) => result === 'job 1 ended: CANCELLED by you: loss 10',
      ),
    );
  }).timeout(120_000);

  it('a command gets what the job prints as it is, and runs none of it', async () => {
    const path = write(
      `#WATCHER name=a pattern="x=(.*)" captures=[x] interval=1s action=run_command(command="cd /; printf '%s|%s|%s' \\"$x\\" '$x' \\"$WATCHER_x\\"")
cat <<'END_OF_LINES'
${hostile.map((line) => `x=${line}`).join('\n')}
END_OF_LINES
`,
    );
    await cli.begin('run', path, '--yes', '--json').finished;
    const told = await waitFor('the commands', async () => {
      const events = await cli.json<EventRow[]>('events', '--json');
      const own = events.filter(({ action, kind }) => action === 'run_command' && kind === 'action');
      return own.length === hostile.length && own;
    });
    assert.deepEqual(
      told.map(({ output }) => output),
      hostile.map((line) => [line, line, line].join('|')),
    );
    assert.ok(told.every(({ result }) => result.startsWith('exit code 0: ')));
    assert.ok(!existsSync(join(cli.workdir, 'pwned')) && !existsSync('/pwned'));
  }).timeout(120_000);

  it('a command works where its job does, and what it prints is kept whole', async () => {
    const path = write(
      `#WATCHER pattern="go" interval=1s action=run_command(command="seq 1000; pwd > where; exit 3")
echo go
`,
    );
    await cli.begin('run', path, '--yes', '--json').finished;
    const [told] = await waitFor('the command', async () => {
      const events = await cli.json<EventRow[]>('events', '--json');
      const own = events.filter(({ action, kind }) => action === 'run_command' && kind === 'action');
      return own.length === 1 && own;
    });
    assert.equal(told?.result, 'exit code 3: 1 … 999 more lines');
    const shown = await cli.run('events', '--kind', 'action');
    assert.match(shown.stdout, /exit code 3: 1 … 999 more lines; "events --json" has them\n/);
    assert.equal(told.output?.split('\n').length, 1001);
    assert.equal(readFileSync(join(cli.workdir, 'where'), 'utf8').trim(), cli.workdir);
  }).timeout(120_000);
});
