// The dry run: the engine's own step over an output that is there, on a clock of lines.
import assert from 'node:assert/strict';
import { dryRun, type DryRun } from '../../engine/dryRun';
import type { DryRunEntry } from '../../engine/dryRunEntry';
import { parseScript } from '../../language/script';
import { inThreadMatcher } from './inThreadMatcher';
import { play } from './play';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function rehearse(
  script: string,
  output: string,
  options: Partial<DryRun> = {},
): Promise<readonly DryRunEntry[]> {
  const stdout = bytes(output);
  const watchers = parseScript(script).watchers.map(({ definition, line, endLine }) => ({
    definition,
    lines: { first: line, last: endLine },
  }));
  const job = { id: '0', name: 'train.sh', cluster: 'here' };
  const run = {
    watchers,
    job,
    outputs: { stdout, stderr: null },
    tickMs: 1000,
    endState: null,
    isWhole: true,
    ...options,
  };
  return dryRun(run, inThreadMatcher);
}

/** `2 a: log_event message=x`: line or seconds, watcher, and what is told. */
function show(entry: DryRunEntry): string {
  const place = entry.line === null ? `${entry.timeMs / 1000}s` : String(entry.line);
  const who = `${place} ${entry.watcher}:`;
  if (entry.kind === 'metric') return `${who} metric ${entry.metric.name}=${entry.metric.value}`;
  if (entry.kind === 'match') {
    const { matchedText, condition } = entry;
    return `${who} match ${matchedText}${condition ? ` ${condition.value ?? condition.error ?? ''}` : ''}`;
  }
  const { kind, action, params, result } = entry.event;
  if (kind === 'trigger') return `${who} trigger${/; left out: .*/.exec(result)?.[0] ?? ''}`;
  if (kind !== 'action') return `${who} ${kind} ${result}`;
  const final = Object.entries(params).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${who} ${[action ?? '', ...final.sort()].join(' ')}`;
}

function rehearses(
  title: string,
  script: string,
  output: string,
  expected: string,
  options?: Partial<DryRun>,
): void {
  it(title, async () => {
    const lines = expected.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    assert.deepEqual((await rehearse(script, output, options)).map(show), lines);
  });
}

describe('the dry run', () => {
  rehearses(
    'tells matches with the value of the condition, and final parameters',
    '#WATCHER name=a pattern="loss (\\S+)" captures=[loss] condition="float(loss) < 1" action=log_event(message="$loss of $JOB_NAME on $HOSTNAME")',
    'loss 2\nx\nloss 0.5\nloss nix\n',
    `1 a: match loss 2 False
     3 a: match loss 0.5 True
     3 a: trigger
     3 a: log_event level=info message=0.5 of train.sh on here
     4 a: match loss nix ValueError: could not convert string to float: 'nix'
     4 a: error The condition float(loss) < 1 could not be evaluated: ValueError: could not convert string to float: 'nix'`,
  );
  rehearses(
    'triggers once a line, with the last match, but tells each refresh',
    '#WATCHER name=a pattern="(\\d+)%" action=store_metric(name=p, value=$1)',
    '1%\r2%\r3%\n',
    `1 a: match 1%
     1 a: match 2%
     1 a: match 3%
     1 a: trigger
     1 a: store_metric name=p value=3
     1 a: metric p=3`,
  );
  rehearses(
    'goes by the clock of lines in cooldowns',
    '#WATCHER name=a pattern=x cooldown=2 action=log_event(message=m)',
    'x\nx\nx\n',
    `1 a: match x
     1 a: trigger
     1 a: log_event level=info message=m
     2 a: match x
     2 a: skip within 2 s after the last trigger (cooldown)
     3 a: match x
     3 a: trigger
     3 a: log_event level=info message=m`,
  );
  rehearses(
    'lets timers run between the lines and up to the end',
    '#WATCHER name=a pattern="x(\\d)" captures=[n] timer_mode=true timer_interval=2 action=log_event(message=$n)',
    'x1\nx2\n\n\n\n',
    `1 a: match x1
     1 a: trigger
     1 a: log_event level=info message=1
     2 a: match x2
     2s a: trigger
     2s a: log_event level=info message=2
     4s a: trigger
     4s a: log_event level=info message=2`,
  );
  rehearses(
    'does nothing outside, but tells all actions in their order',
    '#WATCHER name=a pattern=x max_triggers=1 actions=[cancel_job(reason=$0), log_event(message=after), cancel_job(reason=again)]',
    'x\nx\n',
    `1 a: match x
     1 a: trigger; left out: cancel_job (job 0 is being cancelled already, by the watcher "a")
     1 a: cancel_job reason=x
     1 a: log_event level=info message=after
     1 a: state active to triggered: max_triggers (1) reached`,
  );
  it('shows the exact text of a command, its environment, and whether it is asked about', async () => {
    const script = (command: string): string =>
      `#WATCHER name=a pattern="x=(.*)" captures=[x] action=run_command(command="${command}")`;
    const events = async (command: string, output: string): Promise<readonly string[]> =>
      (await rehearse(script(command), output)).flatMap((entry) =>
        entry.kind === 'event' && entry.event.kind === 'action'
          ? `${entry.event.success === true ? 'ok' : 'failed'} ${JSON.stringify(entry.event.params['command'])}: ${entry.event.result}`
          : [],
      );
    assert.deepEqual(await events('echo $x', "x=it's $(id)\n"), [
      String.raw`ok "echo 'it'\\''s $(id)'": not run: this is a dry run; in its environment: WATCHER_x; it runs without being asked about: the default list of allowed commands covers it`,
    ]);
    const [asked = ''] = await events('frob $x; id', 'x=a b\n');
    assert.match(
      asked,
      /^ok "frob 'a b'; id": .*; it is asked about at submission: It is more than one command, or runs in the background. "frob" is not one of the commands that run without consent/,
    );
    const [refused = ''] = await events('ls $x', 'x=-la\n');
    assert.match(refused, /^failed "ls \$x": The command was not run: the value of \$x cannot be put in: /);
  });
  rehearses(
    'cancels the job once, whatever watcher comes first',
    `#WATCHER name=late pattern="nan" output=both action=cancel_job(reason="late: $0")
#WATCHER name=early pattern="diverged" action=cancel_job(reason="early: $0")`,
    'x\ndiverged\nnan\ndiverged\n',
    `2 early: match diverged
     2 early: trigger
     2 early: cancel_job reason=early: diverged
     3 late: match nan
     3 late: trigger; left out: cancel_job (job 0 is being cancelled already, by the watcher "early")
     4 early: match diverged
     4 early: trigger; left out: cancel_job (job 0 is being cancelled already, by the watcher "early")`,
  );
  rehearses(
    'evaluates the condition of a watcher of the end once, at the end',
    `#WATCHER name=a pattern="step (\\d+)" captures=[step] condition="int(step) < 9 and EXIT_CODE == '0'" trigger_on_job_end=true action=log_event(message="$0 $1 $JOB_STATE")
#WATCHER name=b condition="job_end_state == 'timeout'" trigger_on_job_end=true
#WATCHER name=c trigger_on_job_end=true trigger_job_states=[timeout]`,
    'step 9\nstep 5\n',
    `1 a: match step 9
     2 a: match step 5
     2s a: trigger
     2s a: log_event level=info message=job ended: completed 5 COMPLETED
     2s b: skip job ended: completed, and its condition does not hold: job_end_state == 'timeout' is False
     2s c: skip job ended: COMPLETED; the watcher acts on: timeout`,
    { endState: 'completed' },
  );
  rehearses(
    'knows the family of failures, and the exit code',
    '#WATCHER name=a trigger_on_job_end=true action=log_event(message="$job_end_state $JOB_STATE $EXIT_CODE:$EXIT_SIGNAL")',
    '',
    `0s a: trigger
     0s a: log_event level=info message=failed OUT_OF_MEMORY 0:125`,
    { endState: 'out_of_memory', exitCode: '0:125' },
  );
  rehearses(
    'has timers act on what the condition held for',
    '#WATCHER name=a pattern="x(\\d)" captures=[n] condition="int(n) < 5" timer_mode=true timer_interval=2 action=log_event(message=$n)',
    'x1\nx9\n\n',
    `1 a: match x1 True
     1 a: trigger
     1 a: log_event level=info message=1
     2 a: match x9 False
     2s a: trigger
     2s a: log_event level=info message=1`,
  );
  rehearses(
    'ends the job behind the last line',
    '#WATCHER name=a pattern="x(\\d)" captures=[n] trigger_on_job_end=true trigger_job_states=[failed] action=log_event(message="$n $job_end_state")',
    'x1\nx2\n',
    `1 a: match x1
     2 a: match x2
     2s a: trigger
     2s a: log_event level=info message=2 failed`,
    { endState: 'failed' },
  );
  rehearses(
    'reads the output that each watcher reads',
    '#WATCHER name=o pattern=x action=pause_watcher\n#WATCHER name=e pattern=y output=stderr action=pause_watcher',
    'x\n',
    `1 o: match x
     1 o: trigger
     1 o: pause_watcher
     1 o: state active to paused: its own action
     2 e: match y
     2 e: trigger
     2 e: pause_watcher
     2 e: state active to paused: its own action`,
    { outputs: { stdout: bytes('x\n'), stderr: bytes('\ny\n') } },
  );

  rehearses(
    'does not judge a last line that may go on, because the job does',
    '#WATCHER name=a pattern="n=\\d+" output=both action=pause_watcher',
    'n=1 \rn=',
    `1 a: match n=1
     1 a: trigger
     1 a: pause_watcher
     1 a: state active to paused: its own action`,
    { outputs: { stdout: bytes('n=1 \rn=2'), stderr: bytes('n=3') } },
  );

  it('does not judge a last line that was cut', async () => {
    const entries = await rehearse('#WATCHER pattern="n=\\d+"', 'n=1\nn=2', {
      endState: 'completed',
      isWhole: false,
    });
    assert.equal(entries.filter(({ kind }) => kind === 'match').length, 1);
  });

  it('reads one file once where both outputs are it', async () => {
    const both = bytes('x\n');
    const entries = await rehearse('#WATCHER pattern=x output=both', '', {
      outputs: { stdout: both, stderr: both },
    });
    assert.equal(entries.filter(({ kind }) => kind === 'match').length, 1);
  });

  it('shows what a resubmission would change: options, then lines of the body; once for a job', async () => {
    const script = `#!/bin/bash
#SBATCH --mem-per-cpu=1G -t 5
#WATCHER name=a pattern="ckpt (\\S+)" captures=[ckpt] actions=[cancel_job, resubmit(modifications={"mem": "8G", "time": null})]
python train.py \${ckpt:+--resume \${ckpt}}
echo done
`;
    const resubmissions = async (output: string, text = script): Promise<readonly string[]> =>
      (await rehearse(text, output, { submission: { script: text, options: ['--nodes=1'] } })).flatMap(
        (entry) =>
          entry.kind === 'event' && entry.event.action === 'resubmit'
            ? `${String(entry.event.success)} ${entry.event.result}`
            : [],
      );
    assert.deepEqual(await resubmissions('ckpt a.pt\nckpt b.pt\n'), [
      'true not run: this is a dry run; --mem=8G is set; --mem-per-cpu=1G goes; --time=5 goes; ' +
        'line 4: python train.py ${ckpt:+--resume ${ckpt}} becomes python train.py --resume a.pt',
    ]);
    const all = await rehearse(script, 'ckpt a.pt\nckpt b.pt\n', { submission: { script, options: [] } });
    assert.ok(!all.some((entry) => entry.kind === 'event' && entry.event.action === 'cancel_job'));
    const needy = script.replace('python', 'echo $((${ckpt})); python');
    assert.match(
      (await resubmissions('ckpt a.pt\n', needy)).join(),
      /^false not submitted again: the value of "ckpt"/,
    );
    assert.deepEqual(
      (await rehearse(script, 'ckpt a.pt\n')).flatMap((entry) =>
        entry.kind === 'event' && entry.event.action === 'resubmit' ? entry.event.result : [],
      ),
      ['not run: this is a dry run'],
    );
  });

  it('names the stretch that a pattern took too long for', async () => {
    const entries = await rehearse('#WATCHER name=a pattern="(a+)+$"', `ok\n${'a'.repeat(50)}b\n`);
    assert.deepEqual(entries.map(show), [
      '2 a: gap bytes 3 to 55 were not matched: the pattern took too long',
    ]);
  });

  it('counts lines over outputs that are longer than one reading', async () => {
    const line = `${'.'.repeat(99)}\n`;
    const entries = await rehearse('#WATCHER name=a pattern=x', `${line.repeat(30_000)}x\n`);
    assert.equal(entries[0]?.line, 30_001);
  });

  it('says what the engine does with the same lines', async () => {
    const script =
      '#WATCHER name=a pattern="n (\\d+)" captures=[n] condition="int(n) % 2 == 0" max_triggers=2 action=log_event(message="even $n")';
    const entries = await rehearse(script, 'n 1\nn 2\nn x\nn 4\nn 6\n');
    const messages = entries.flatMap((entry) =>
      entry.kind === 'event' && entry.event.kind === 'action' ? [entry.event.result] : [],
    );
    await play(`
      ${script}
      0s  n 1\\nn 2\\nn x\\nn 4\\nn 6
          -> log_event ${messages[0] ?? ''}
          -> log_event ${messages[1] ?? ''}
          -> state active to triggered: max_triggers (2) reached
    `);
  });
});
