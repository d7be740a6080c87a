// The commands about watchers that there are, and exports: what they ask of the engine, and what they print.
import assert from 'node:assert/strict';
import { Command } from 'commander';
import { addAttach } from '../../cli/commands/attach';
import type { Context } from '../../cli/commands/command';
import { addDelete } from '../../cli/commands/delete';
import { addEdit } from '../../cli/commands/edit';
import { addExport } from '../../cli/commands/export';
import { addPause } from '../../cli/commands/pause';
import { addRearm } from '../../cli/commands/rearm';
import { addResume } from '../../cli/commands/resume';
import { addTrigger } from '../../cli/commands/trigger';
import { toEventCsv, toMetricCsv, toOpenMetrics } from '../../engine/exportText';
import { createOutput } from '../../cli/output';
import { WatchError } from '../../engine/errors';
import type { EngineLink } from '../../engine/link/greet';
import type { Metric } from '../../engine/model';
import type { TriggerPlan } from '../../engine/protocol';
import { defaultDefinition } from '../../language/schema';
import { parseWatcherFile } from '../../language/watcherFile';
import { toEvent, toJob, toWatcher } from '../records';

interface Asked {
  readonly method: string;
  readonly params: unknown;
}

const job = toJob();
const array = toJob({ key: 'array', id: '13', isArray: true });
const watchers = [
  toWatcher({ name: 'a' }, { state: 'active' }),
  { ...toWatcher({ name: 'b' }, { state: 'triggered' }), id: 'w2' },
  { ...toWatcher({ name: 'c' }, { state: 'completed' }), id: 'w3' },
  { ...toWatcher({ name: 'd' }, { state: 'static' }), id: 'w4', job: 'array' },
];
const answers: Readonly<Record<string, unknown>> = {
  'engine/attach': { cluster: 'sandbox', job, watchers },
  'engine/watchers': watchers,
  'engine/jobs': [job, array],
  'engine/events': [toEvent({ result: '=1+1' })],
  'engine/metrics': [],
  'engine/edit': watchers[0],
  'engine/remove': null,
};

/** What the next trigger would do, and what the person says to it; null: nobody is there. */
let plans: readonly TriggerPlan[] = [];
let said: boolean | null = null;

interface Ran {
  readonly asked: Asked[];
  readonly lines: string[];
  readonly notes: string[];
  readonly code: number | undefined;
}

async function run(...words: string[]): Promise<Ran> {
  let code: number | undefined;
  const notes: string[] = [];
  const asked: Asked[] = [];
  const lines: string[] = [];
  const link = {
    request: (method: string, params: unknown) => {
      asked.push({ method, params });
      if (method === 'engine/planTrigger') return Promise.resolve(plans);
      return Promise.resolve(method in answers ? answers[method] : watchers);
    },
    close: () => Promise.resolve(),
  } as unknown as EngineLink;
  // An export comes as one text with many lines.
  const stdout = { write: (text: string) => lines.push(text.replace(/\n$/, '')) };
  const stderr = { write: (text: string) => notes.push(text.replace(/\n$/, '')) };
  const output = createOutput({ stdout, stderr }, {});
  const context: Context = {
    output,
    environment: {},
    cwd: '/',
    interrupted: new Promise(() => undefined),
    connect: () => Promise.resolve(link),
    confirm: (question: string) => {
      notes.push(question);
      return Promise.resolve(said);
    },
    canAsk: said !== null,
    exit: (given: number) => (code = given),
  } as unknown as Context;
  const program = new Command().exitOverride();
  for (const add of [addAttach, addDelete, addEdit, addExport, addPause, addRearm, addResume, addTrigger])
    add(program, context);
  await program.parseAsync(['node', 'slurm-watchers', ...words]);
  return { asked, lines, notes, code };
}

const isRefused = (message: RegExp) => (error: unknown) =>
  error instanceof WatchError && error.code === 'bad-request' && message.test(error.message);

describe('commands about watchers', () => {
  const attached = async (...words: string[]): Promise<ReturnType<typeof parseWatcherFile>> => {
    const { asked } = await run('attach', '42', '--on', 'big', ...words);
    const { watchers: text } = asked[0]?.params as { watchers: string };
    return parseWatcherFile(text);
  };

  it('attach takes every field as an option', async () => {
    const { watchers: found, problems } = await attached(
      ...['--name', 'n', '--pattern', 'loss: ([\\d.]+) (x)?', '--captures', 'loss, x'],
      ...['--condition', 'float(loss) < 0.5', '--interval', '5m', '--output-type', 'both'],
      ...['--max-triggers', '3', '--max-failures', '2', '--cooldown', '1h'],
      ...['--timer-mode-enabled', '--timer-interval-seconds', '90'],
      ...['--action', 'log_event(message="low, $loss") if float(loss) < 0.1'],
      ...['--action', 'store_metric(name=$x, value=$loss)'],
    );
    assert.deepEqual(problems, []);
    const [{ definition } = assert.fail('no watcher')] = found;
    assert.deepEqual(
      { ...definition, triggerJobStates: [], remainingResubmits: null },
      {
        ...defaultDefinition,
        name: 'n',
        pattern: 'loss: ([\\d.]+) (x)?',
        captures: ['loss', 'x'],
        condition: 'float(loss) < 0.5',
        intervalSeconds: 300,
        outputType: 'both',
        maxTriggers: 3,
        maxFailures: 2,
        timerModeEnabled: true,
        timerIntervalSeconds: 90,
        triggerOnJobEnd: false,
        triggerJobStates: [],
        remainingResubmits: null,
        cooldownSeconds: 3600,
        actions: [
          { type: 'log_event', params: { message: 'low, $loss' }, condition: 'float(loss) < 0.1' },
          { type: 'store_metric', params: { name: '$x', value: '$loss' }, condition: null },
        ],
      },
    );
  });

  it('attach takes the end of a job, and states in a list', async () => {
    const { watchers: found, problems } = await attached(
      ...[
        '--trigger-on-job-end',
        '--trigger-job-states',
        'failed, oom',
        '--action',
        'log_event(message="x")',
      ],
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(found[0]?.definition.triggerJobStates, ['failed', 'out_of_memory']);
  });

  it('attach says from where, and prints the ids', async () => {
    const { asked, lines } = await run(
      ...['attach', '42', '--on', 'big', '--pattern', 'x', '--from', 'start'],
    );
    const { cluster, job: wanted, from } = asked[0]?.params as Record<string, unknown>;
    assert.deepEqual([asked[0]?.method, cluster, wanted, from], ['engine/attach', 'big', '42', 'start']);
    assert.deepEqual(lines, ['w1', 'w2', 'w3', 'w4']);
  });

  it('edit keeps what is not named, and clears what is', async () => {
    const words = [
      '--pattern',
      'a (b)',
      '--captures',
      'x',
      '--clear',
      'max-triggers',
      '--action',
      'log_event(message=$x)',
    ];
    const { asked, lines } = await run('edit', 'w1', ...words);
    assert.deepEqual(asked[0], { method: 'engine/watchers', params: { watcher: 'w1' } });
    const { method, params } = asked[1] ?? {};
    assert.equal(method, 'engine/edit');
    const { watcher, definition } = params as { readonly watcher: string; readonly definition: string };
    assert.equal(watcher, 'w1');
    const { watchers: read, problems } = parseWatcherFile(definition);
    assert.deepEqual(problems, []);
    const before = watchers[0]?.definition;
    assert.deepEqual(read[0]?.definition, {
      ...before,
      ...{ pattern: 'a (b)', captures: ['x'], maxTriggers: null },
      actions: [{ type: 'log_event', params: { message: '$x' }, condition: null }],
    });
    assert.deepEqual(lines, ['w1 active a']);
  });

  it('edit wants a change, in one way, of fields that there are', async () => {
    await assert.rejects(run('edit', 'w1'), /No change was given/);
    await assert.rejects(
      run('edit', 'w1', '--pattern', 'a', '--watcher-file', 'x.json'),
      /given in more than one way/,
    );
    await assert.rejects(run('edit', 'w1', '--clear', 'nonsense'), /There is no field called "nonsense"/);
  });

  it('attach refuses no watcher, two ways at once, and what is no action', async () => {
    await assert.rejects(run('attach', '42', '--on', 'big'), isRefused(/No watcher was given/));
    await assert.rejects(
      run('attach', '42', '--on', 'big', '--pattern', 'x', '--watcher-file', 'f'),
      isRefused(/more than one way/),
    );
    await assert.rejects(
      run('attach', '42', '--on', 'big', '--pattern', 'x', '--action', 'explode()'),
      isRefused(/--action explode\(\): /),
    );
    await assert.rejects(
      run('attach', '42', '--on', 'big', '--watcher-file', '/nowhere/f'),
      isRefused(/Cannot read \/nowhere\/f/),
    );
  });

  for (const [words, method, params] of [
    [['pause', 'w1'], 'engine/pause', { watchers: ['w1'] }],
    [['pause', '--job', '42'], 'engine/pause', { watchers: ['w1'] }],
    [['rearm', '--all'], 'engine/rearm', { watchers: ['w2', 'w3'], missed: 'skip' }],
    [['trigger', '--all'], 'engine/trigger', { watchers: ['w1', 'w2', 'w3'], agreed: [] }],
    [['resume', 'w1', '--match-missed'], 'engine/resume', { watchers: ['w1'], missed: 'match' }],
    [['trigger', 'w1', 'w2'], 'engine/trigger', { watchers: ['w1', 'w2'], agreed: [] }],
    [['delete', 'w1'], 'engine/remove', { watchers: ['w1'] }],
  ] as const)
    it(words.join(' '), async () => {
      const { asked } = await run(...words);
      assert.deepEqual(asked.at(-1), { method, params });
    });

  describe('trigger', () => {
    const cancelling: TriggerPlan = {
      watcher: 'w1',
      name: 'a',
      job: { id: '5', name: 'ft-bert', cluster: 'sandbox' },
      matchedText: 'loss 10\u001b',
      actions: [
        { type: 'log_event', params: { message: 'low' }, isOutside: false },
        { type: 'cancel_job', params: { reason: 'loss 10' }, isOutside: true },
      ],
      leftOut: ['log_event (int(n) > 5 is False)'],
      nothing: null,
      until: { stdout: 8, stderr: 0 },
    };
    const idle: TriggerPlan = { ...cancelling, watcher: 'w2', actions: [], leftOut: [], nothing: 'no match' };
    const shown = [
      'w1 a acts on "loss 10\\u001b":',
      '  log_event(message="low")',
      '  cancel_job(reason="loss 10")',
      '  not log_event (int(n) > 5 is False)',
      'w2 a: does nothing: no match',
    ];
    const consequence = 'This cancels ft-bert (job 5) on sandbox.';
    const question = 'Trigger? [y/N]';
    const methods = (asked: readonly Asked[]): string[] => asked.map(({ method }) => method);
    beforeEach(() => {
      plans = [cancelling, idle];
      said = null;
    });
    afterEach(() => {
      plans = [];
    });

    it('shows what it would do, asks, and does what was shown', async () => {
      said = true;
      const { asked, notes } = await run('trigger', 'w1', 'w2');
      assert.deepEqual(notes, [...shown, consequence, question]);
      assert.deepEqual(asked.at(-1), {
        method: 'engine/trigger',
        params: { watchers: ['w1', 'w2'], agreed: plans },
      });
    });

    it('does nothing where the person says no', async () => {
      said = false;
      const { asked, notes, code } = await run('trigger', 'w1');
      assert.deepEqual(methods(asked), ['engine/planTrigger']);
      assert.deepEqual([notes.at(-1), code], ['Nothing was done.', 1]);
    });

    it('is refused where nobody can be asked, and says that nothing was done', async () => {
      await assert.rejects(
        run('trigger', 'w1'),
        (error) =>
          error instanceof WatchError &&
          error.code === 'needs-consent' &&
          error.message === `Nothing was done, as nobody has agreed yet: ${consequence}` &&
          /--yes/.test(error.remedy),
      );
    });

    it('does not ask with --yes, nor where nothing reaches outside', async () => {
      const { asked, notes } = await run('trigger', 'w1', '--yes');
      assert.deepEqual(methods(asked), ['engine/planTrigger', 'engine/trigger']);
      assert.ok(!notes.includes(question));
      plans = [idle];
      assert.deepEqual(methods((await run('trigger', 'w2')).asked), ['engine/planTrigger', 'engine/trigger']);
    });

    it('only shows it with --dry-run', async () => {
      const { asked, lines, code } = await run('trigger', 'w1', 'w2', '--dry-run');
      assert.deepEqual(methods(asked), ['engine/planTrigger']);
      assert.equal(code, 0);
      assert.deepEqual(lines, shown);
      const { lines: json } = await run('trigger', 'w1', '--dry-run', '--json');
      assert.deepEqual((JSON.parse(json.join('')) as unknown[])[0], {
        watcher: 'w1',
        name: 'a',
        cluster: 'sandbox',
        job: '5',
        matched_text: 'loss 10\u001b',
        actions: [
          { type: 'log_event', params: { message: 'low' }, reaches_outside: false },
          { type: 'cancel_job', params: { reason: 'loss 10' }, reaches_outside: true },
        ],
        left_out: ['log_event (int(n) > 5 is False)'],
        nothing: null,
      });
    });
  });

  it('want to know which watchers', async () => {
    await assert.rejects(run('pause'), isRefused(/No watcher was named/));
    await assert.rejects(run('pause', 'w1', '--all'), isRefused(/more than one way/));
  });
});

const toMetric = (part: Partial<Metric>): Metric => ({
  id: 1,
  time: 1000,
  cluster: 'big',
  job: 'k',
  jobId: '42',
  watcherId: 'w1',
  watcher: 'loss',
  name: 'train loss',
  value: 0.5,
  unit: null,
  step: 0,
  ...part,
});

describe('exports', () => {
  it('as CSV hold no formula, and quote what needs it', () => {
    const dangerous = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'];
    for (const result of dangerous) {
      const cell =
        toEventCsv([toEvent({ result })])
          .split('\r\n')[1]
          ?.split(',')
          .at(-1) ?? '';
      assert.match(cell, /^"?'/, result);
    }
    const text = toEventCsv([toEvent({ result: 'a "b", c\nd', captures: { x: '=1' } })]);
    assert.ok(text.endsWith(',"a ""b"", c\nd"\r\n'), text);
    assert.ok(text.includes('"{""x"":""=1""}"'));
  });

  it('as CSV keep numbers as they are', () => {
    const rows = toMetricCsv([-0.5, 1e300, NaN, -Infinity].map((value) => toMetric({ value })))
      .trim()
      .split('\r\n');
    assert.deepEqual(
      rows.slice(1).map((row) => row.split(',')[6]),
      ['-0.5', '1e+300', 'nan', '-inf'],
    );
  });

  it('as OpenMetrics keep each series together, in the order of time', () => {
    const text = toOpenMetrics([
      toMetric({ value: 1, time: 3000 }),
      toMetric({ name: 'acc', value: NaN, unit: '%' }),
      toMetric({ value: -Infinity, time: 2000, watcher: 'a"b\\c\nd' }),
      toMetric({ value: 2, time: 4500 }),
    ]);
    assert.equal(
      text,
      [
        '# TYPE slurm_watchers_acc gauge',
        'slurm_watchers_acc{cluster="big",job="42",metric="acc",watcher="loss",unit="%"} NaN 1',
        '# TYPE slurm_watchers_train_loss gauge',
        'slurm_watchers_train_loss{cluster="big",job="42",metric="train loss",watcher="a\\"b\\\\c\\nd"} -Inf 2',
        'slurm_watchers_train_loss{cluster="big",job="42",metric="train loss",watcher="loss"} 1 3',
        'slurm_watchers_train_loss{cluster="big",job="42",metric="train loss",watcher="loss"} 2 4.5',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('write nothing but the text', async () => {
    const { lines } = await run('export', 'events');
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /,"'=1\+1"\r$/);
    await assert.rejects(run('export', 'events', '--format', 'openmetrics'), isRefused(/for metrics/));
  });
});
