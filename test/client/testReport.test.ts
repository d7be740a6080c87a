// The result of a pattern test: what it says of a script and an output, line by line.
import assert from 'node:assert/strict';
import { printReport, type PatternTest } from '../../client/patternTest/report';
import type { TestReport } from '../../client/patternTest/page';
import { dryRunHere } from '../../engine/link/dryRunHere';
import type { JobEndState } from '../../language/jobStates';
import { parseScript } from '../../language/script';

interface Case {
  readonly script: string;
  readonly stdout: string;
  readonly stderr?: string;
  readonly endState?: JobEndState | null;
}

async function test({ script, stdout, stderr, endState = 'completed' }: Case): Promise<TestReport> {
  const { watchers } = parseScript(script);
  const out = Buffer.from(stdout);
  const run = {
    watchers: watchers.map(({ definition, line, endLine }) => ({
      definition,
      lines: { first: line, last: endLine },
    })),
    job: { id: '0', name: 'test', cluster: 'test' },
    outputs: { stdout: out, stderr: stderr === undefined ? out : Buffer.from(stderr) },
    tickMs: 1000,
    endState,
    isWhole: true,
  };
  const told: PatternTest = {
    script: 'train.sh',
    output: 'slurm-7.out',
    watchers: watchers.map(({ definition: { name, pattern }, line }) => ({
      name,
      pattern,
      line,
    })),
    outputs: { stdout, stderr: stderr ?? null },
    entries: await dryRunHere(run),
    tickMs: 1000,
    endState,
    isWhole: true,
  };
  return printReport(told);
}

/** The lines between the two empty lines of the head, and those behind the head. */
function split({ text }: TestReport): { readonly counts: string[]; readonly body: string[] } {
  const [, counts = '', , ...body] = text.trimEnd().split('\n\n');
  return { counts: counts.split('\n'), body: body.join('\n\n').split('\n') };
}

describe('the result of a pattern test', () => {
  const loss =
    '#WATCHER name=loss pattern="loss=([\\d.]+)" captures=[loss] condition="float(loss) < 0.9" action=log_event(message="low $loss")\n';

  it('counts on top, and shows every line with what comes of it', async () => {
    const report = await test({ script: loss, stdout: 'start\nloss=1.2\nloss=0.8\n' });
    const { counts, body } = split(report);
    assert.deepEqual(counts, ['loss (line 1): 2 matches, 1 trigger → log_event']);
    assert.deepEqual(body, [
      '   1 │ start',
      '   2 │ loss=1.2',
      '       loss matches "loss=1.2", loss=1.2',
      '         – float(loss) < 0.9 is False: it does not trigger',
      '   3 │ loss=0.8',
      '       loss matches "loss=0.8", loss=0.8',
      '         float(loss) < 0.9 is True',
      '         → log_event(message="low 0.8", level="info")',
    ]);
    assert.match(report.text, /^Test of train\.sh on slurm-7\.out\nNothing was run/);
  });

  it('says what was not found, and what never triggered', async () => {
    const { counts } = split(
      await test({ script: `${loss}#WATCHER name=oom pattern="out of memory"\n`, stdout: 'loss=2\n' }),
    );
    assert.deepEqual(counts, [
      'loss (line 1): 1 match, 0 triggers',
      '    It matches, but never triggers: the lines below say why.',
      'oom (line 2): 0 matches, 0 triggers',
      '    No line of this output matches out of memory',
    ]);
  });

  it('says why a condition cannot be decided, and what is of no use or is left out', async () => {
    const script = `#WATCHER name=a pattern="x(\\w+)" captures=[v] condition="float(v) > 1" action=log_event
#WATCHER name=b pattern="x(\\w+)" captures=[v] cooldown=60s action=store_metric(name=m, value=$v)
#WATCHER name=c pattern="xy()" captures=[n] action=store_metric(name=$n, value=1)
`;
    const { body } = split(await test({ script, stdout: 'xy\nx1\n' }));
    assert.deepEqual(body.slice(1, 4), [
      '       a matches "xy", v=y',
      "         ✗ float(v) > 1 cannot be decided: ValueError: could not convert string to float: 'y'",
      '       b matches "xy", v=y',
    ]);
    assert.ok(body.includes('         ✗ "y" is not a number; the metric "m" was not stored.'));
    assert.match(
      body.join('\n'),
      /✗ store_metric\(name="", value="1"\) would fail: store_metric needs a name/,
    );
    assert.match(body.join('\n'), /– skipped: within 60 s after the last trigger/);
  });

  it('says which actions are left out, whatever the job prints', async () => {
    const script = `#WATCHER name=a pattern="n=(\\d).*" captures=[n] actions=[cancel_job, log_event(message="big") if int(n) > 5]\n`;
    const { body } = split(await test({ script, stdout: 'n=1; left out: nothing\nn=9\n' }));
    assert.deepEqual(
      body.filter((line) => line.includes('left out')),
      [
        '   1 │ n=1; left out: nothing',
        '       a matches "n=1; left out: nothing", n=1',
        '         – left out: log_event (int(n) > 5 is False)',
        '         – left out: cancel_job (job 0 is being cancelled already, by the watcher "a")',
      ],
    );
  });

  it('shows refreshes of a progress bar one below the other, and control characters', async () => {
    const { body } = split(await test({ script: loss, stdout: '10%\r20%\r\r30%\r\n\u001b[31mred\n' }));
    assert.deepEqual(body, ['   1 │ 10%', '   ↻ │ 20%', '   ↻ │ 30%', '   2 │ ␛[31mred']);
  });

  it('puts what timers do at their time, and what the end brings behind the last line', async () => {
    const script = `#WATCHER_BEGIN
# name: timed
# pattern: "go"
# timer_mode_enabled: true
# timer_interval_seconds: 2
# actions: [log_event(message="tick")]
#WATCHER_END
#WATCHER name=last pattern="go" trigger_on_job_end=true action=log_event(message="bye")
`;
    const { body } = split(await test({ script, stdout: 'go\na\nb\nc\n' }));
    const at = body.indexOf('   3 │ b');
    assert.equal(body[at + 1], '       timed triggers by its timer, after 2 s');
    const end = body.indexOf('The job ends: completed');
    assert.ok(end > 0);
    assert.ok(body.slice(end).includes('       last triggers as the job ends'));
  });

  it('shows both outputs where there are two', async () => {
    const script = '#WATCHER name=err pattern="bad" output_type=stderr action=log_event\n';
    const { text } = await test({ script, stdout: 'bad\n', stderr: 'bad\n' });
    const [out = '', err = ''] = text.split('Standard error');
    assert.match(out, /Standard output\n\n {3}1 │ bad\n$/);
    assert.match(err, /1 │ bad\n {7}err matches "bad"/);
  });

  it('leaves out the middle of long stretches of a long output, and says so', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) =>
      index === 15_000 ? 'loss=0.1' : `line ${index}`,
    );
    const report = await test({ script: loss, stdout: `${lines.join('\n')}\n` });
    assert.match(report.text, / {4}… │ 14960 lines without a match, 21 to 14980\n/);
    assert.match(report.text, /15001 │ loss=0\.1/);
    assert.match(report.text, /30000 │ line 29999\n$/);
    assert.ok(report.text.split('\n').length < 120);
  });

  it('has an outline, folds, and links to directives at their places', async () => {
    const quiet = Array.from({ length: 10 }, () => 'quiet').join('\n');
    const report = await test({ script: loss, stdout: `${quiet}\nloss=0.5\n` });
    const lines = report.text.split('\n');
    const [place] = report.places;
    assert.deepEqual([place?.name, place?.detail], ['line 11: loss', '→ log_event']);
    assert.equal(lines[place?.line ?? -1], '  11 │ loss=0.5');
    const [folding] = report.foldings;
    assert.deepEqual(
      folding?.map((line) => lines[line]),
      ['   1 │ quiet', '  10 │ quiet'],
    );
    const [link] = report.links;
    assert.equal(lines[link?.line ?? -1]?.slice(link?.start, link?.end), 'line 1');
    for (const { line, start, end } of report.marks)
      assert.ok(start <= end && end <= (lines[line]?.length ?? -1));
  });

  it('says where the output is empty, or was cut', async () => {
    assert.match((await test({ script: loss, stdout: '' })).text, /The output is empty\./);
  });
});
