// What happens to the page of metrics: lines come and go, answers and news find their place, what is kept comes back.
import assert from 'node:assert/strict';
import { NameBuilder, SeriesBuckets, Summary, type MetricSeries } from '../../../engine/metricSeries';
import { bucketsOf, findQuestion, findStaleQuestion } from '../../../webviews/metrics/asking';
import type { JobFacts, NewValues, ViewRange } from '../../../webviews/metrics/protocol';
import {
  addSeries,
  findShown,
  findSummary,
  isApart,
  nameSeries,
  readKept,
  toFirstState,
  toKept,
  type State,
} from '../../../webviews/metrics/state';
import { toChartX, update, type Happening } from '../../../webviews/metrics/update';
import { describeChart, describeCursor, moveCursor, toValueRows } from '../../../webviews/metrics/words';

const loss = { job: 'a', name: 'loss' };
const other = { job: 'b', name: 'loss' };
const facts = (key: string, start = 1000): JobFacts => ({
  key,
  title: `train (job ${key})`,
  state: 'running',
  start,
});

function toSeries(job: string, values: readonly number[], toX = (step: number) => step * 10): MetricSeries {
  const [buckets, summary] = [new SeriesBuckets(1000), new Summary()];
  for (const [step, value] of values.entries()) {
    buckets.add(toX(step), value);
    summary.add(toX(step), value);
  }
  return {
    ...{ job, name: 'loss', watcher: null, unit: null, withoutX: 0 },
    ...buckets.toSeries(),
    summary: summary.toSummary(),
  };
}

function toName(job: string, name: string) {
  const builder = new NameBuilder(job, name, 8);
  builder.add({ id: 1, time: 1, step: 0, value: 1, watcher: 'w', watcherName: 'w', unit: null });
  const made = builder.toName();
  assert.ok(made);
  return made;
}

const play = (state: State, ...happenings: readonly Happening[]): State => happenings.reduce(update, state);

const begun = (state: State): Happening => ({
  ...{ kind: 'begun', added: [], names: [] },
  jobs: [...new Set([state.job, ...state.series.map(({ job }) => job)])].map((job) => facts(job)),
});

function toState(series = [loss]): State {
  const first = toFirstState('a', undefined, series);
  return play(first, begun(first));
}

const toAnswer = (
  state: State,
  series: readonly MetricSeries[],
  range: ViewRange | null = null,
): Happening => ({
  ...{ kind: 'answered', generation: state.generation, axis: state.axis, range, series },
});

const toNews = (steps: readonly number[], part: Partial<NewValues> = {}): Happening => ({
  kind: 'stored',
  news: [
    { ...loss, unit: null, steps, times: steps.map((step) => 1000 + step * 10), values: [...steps], ...part },
  ],
});

describe('the lines of a chart', () => {
  it('are those that were asked for; without any, the first of the job', () => {
    assert.deepEqual(
      toState().series.map(({ name }) => name),
      ['loss'],
    );
    const empty = toFirstState('a', undefined, []);
    const names = [toName('a', 'loss'), toName('b', 'x'), toName('a', 'acc')];
    const { series } = play(empty, { kind: 'begun', added: [], jobs: [facts('a')], names });
    assert.deepEqual(
      series.map(({ name, slot }) => [name, slot]),
      [
        ['loss', 0],
        ['acc', 1],
      ],
    );
  });

  it('are added once, and keep their colours while others go', () => {
    const three = addSeries([], [loss, other, { job: 'a', name: 'acc' }, loss]);
    assert.equal(three.length, 3);
    const left = play({ ...toState([]), series: three }, { kind: 'removed', series: other });
    const { series } = play(left, { kind: 'added', series: [{ job: 'c', name: 'lr' }] });
    assert.deepEqual(
      series.map(({ name, slot }) => [name, slot]),
      [
        ['loss', 0],
        ['acc', 2],
        ['lr', 1],
      ],
    );
  });

  it('appear by themselves in an empty chart, when the job stores its first metric', () => {
    const empty = toState([]);
    const told = play(empty, toNews([], { name: 'loss' }));
    assert.equal(told.hasNewNames, true);
    const { series, hasNewNames } = play(told, { kind: 'names', names: [toName('a', 'loss')] });
    assert.deepEqual([series.length, hasNewNames], [1, false]);
  });

  it('stand side by side if they are of several metrics, until a person wants it otherwise', () => {
    assert.equal(isApart(toState([loss, other])), false);
    const two = toState([loss, { job: 'a', name: 'acc' }]);
    assert.equal(isApart(two), true);
    assert.equal(isApart(play(two, { kind: 'layout', layout: 'together' })), false);
  });

  it('are called by what tells them apart', () => {
    const acc = { job: 'b', name: 'acc' };
    assert.equal(nameSeries(toState([loss, { job: 'a', name: 'acc' }]), loss), 'loss');
    assert.equal(nameSeries(toState([loss, other]), other), 'train (job b)');
    assert.equal(nameSeries(toState([loss, acc]), acc), 'acc · train (job b)');
  });
});

describe('what the chart asks for', () => {
  it('is nothing before it has begun, without an engine, and while a refusal is shown', () => {
    assert.equal(findQuestion(toFirstState('a', undefined, [loss])), undefined);
    const state = toState();
    assert.ok(findQuestion(state));
    assert.equal(findQuestion(play(state, { kind: 'engine', isThere: false, words: 'gone' })), undefined);
    const refused = play(state, { kind: 'refused', trouble: { message: 'no', remedy: '' } });
    assert.equal(findQuestion(refused), undefined);
    assert.ok(findQuestion(play(refused, { kind: 'retry' })));
  });

  it('is all there is, then the range in sight, for each job by its own time', () => {
    const state = play(toState([loss, other]), { kind: 'jobs', jobs: [facts('b', 5000)] });
    assert.deepEqual(findQuestion(state)?.asks, [
      { axis: 'time', series: [loss, other], from: null, to: null, buckets: 800 },
    ]);
    const answered = play(state, toAnswer(state, [toSeries('a', [1, 2, 3]), toSeries('b', [1, 2])]));
    assert.equal(findQuestion(answered), undefined);
    const zoomed = play(answered, { kind: 'range', range: { from: 5, to: 15 } });
    assert.deepEqual(findQuestion(zoomed)?.asks, [
      { axis: 'time', series: [loss], from: 1005, to: 1015, buckets: 800 },
      { axis: 'time', series: [other], from: 5005, to: 5015, buckets: 800 },
    ]);
    const fine = [toSeries('a', [2]), toSeries('b', [2])];
    assert.equal(findQuestion(play(zoomed, toAnswer(zoomed, fine, { from: 5, to: 15 }))), undefined);
  });

  it('is asked again when the engine is back, and what is there stays until the answer comes', () => {
    const state = toState();
    const answered = play(state, toAnswer(state, [toSeries('a', [1])]));
    const back = play(answered, { kind: 'engine', isThere: true, words: '' });
    assert.ok(findQuestion(back));
    assert.equal(findShown(back, loss).x.length, 1);
    assert.equal(play(back, toAnswer(state, [toSeries('a', [9])])), back, 'an answer of before');
  });

  it('is other values on another axis', () => {
    const state = toState();
    const answered = play(state, toAnswer(state, [toSeries('a', [1])]));
    const steps = play(answered, { kind: 'axis', axis: { kind: 'step' } });
    assert.equal(findQuestion(steps)?.asks[0]?.axis, 'step');
    assert.equal(findShown(steps, loss).x.length, 0);
    assert.equal(play(steps, toAnswer(state, [toSeries('a', [1])])), steps);
    const epochs = play(steps, { kind: 'axis', axis: { kind: 'metric', name: 'epoch' } });
    assert.equal(findQuestion(epochs)?.asks[0]?.by, 'epoch');
  });

  it('is no more than a chart draws without a pause', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ job: 'a', name: `m${index}` }));
    assert.equal(bucketsOf({ room: 1500, series: addSeries([], many) }), 200);
    assert.equal(bucketsOf({ room: 1500.5, series: addSeries([], [loss]) }), 1501);
    assert.equal(bucketsOf({ room: 10, series: [] }), 50);
  });

  it('of elapsed time begins with each job', () => {
    const moved = toChartX(toState(), [toSeries('a', [1, 2], (step) => 1000 + step * 10)]);
    assert.deepEqual(
      moved[0]?.buckets.map(({ from }) => from),
      [0, 10],
    );
  });

  it('is asked anew of a job that has begun meanwhile', () => {
    const state = toState();
    const answered = play(state, toAnswer(state, [toSeries('a', [1])]));
    assert.equal(findQuestion(play(answered, { kind: 'jobs', jobs: [facts('a')] })), undefined);
    assert.ok(findQuestion(play(answered, { kind: 'jobs', jobs: [facts('a', 2000)] })));
  });
});

describe('news of a chart', () => {
  it('is drawn where it belongs, by time or by step', () => {
    const state = toState();
    const answered = play(state, toAnswer(state, [toSeries('a', [0, 1])]));
    assert.deepEqual(findShown(play(answered, toNews([2, 3])), loss).x, [0, 10, 20, 30]);
    const steps = play(answered, { kind: 'axis', axis: { kind: 'step' } });
    const bySteps = play(steps, toAnswer(steps, [toSeries('a', [0, 1], (step) => step)]));
    assert.deepEqual(findShown(play(bySteps, toNews([2])), loss).x, [0, 1, 2]);
  });

  it('is asked for if it has no x with it, or if something is missing', () => {
    const state = play(toState(), { kind: 'axis', axis: { kind: 'metric', name: 'epoch' } });
    const answered = play(state, toAnswer(state, [toSeries('a', [0, 1])]));
    assert.equal(findStaleQuestion(answered), undefined);
    const told = play(answered, toNews([2]));
    assert.deepEqual(findStaleQuestion(told)?.asks[0]?.series, [loss]);
    assert.equal(findStaleQuestion(play(told, toAnswer(told, [toSeries('a', [0, 1, 2])]))), undefined);
  });

  it('of the range in sight is asked for again with it', () => {
    const range = { from: 0, to: 100 };
    const axis = { kind: 'metric', name: 'epoch' } as const;
    let state = play(toState(), { kind: 'axis', axis });
    state = play(state, toAnswer(state, [toSeries('a', [0, 1])]), { kind: 'range', range });
    state = play(state, toAnswer(state, [toSeries('a', [0, 1])], range), toNews([2]));
    assert.equal(findQuestion(state), undefined);
    const again = play(state, toAnswer(state, [toSeries('a', [0, 1, 2])]));
    assert.deepEqual(findQuestion(again)?.range, range);
  });

  it('adds events once, and keeps the newest', () => {
    const event = { id: 1, job: 'a', time: 0, words: '', level: 'info' as const };
    const state = play(toState(), { kind: 'events', events: [event, { ...event, id: 2 }], isAll: true });
    const next = play(state, {
      kind: 'events',
      events: [
        { ...event, id: 2 },
        { ...event, id: 3 },
      ],
      isAll: false,
    });
    assert.deepEqual(
      next.events.map(({ id }) => id),
      [1, 2, 3],
    );
    const many = Array.from({ length: 600 }, (_, index) => ({ ...event, id: 10 + index }));
    assert.equal(play(next, { kind: 'events', events: many, isAll: false }).events.length, 500);
  });
});

describe('what is kept of a chart', () => {
  it('comes back as it was', () => {
    const state = play(
      toState([loss, other]),
      { kind: 'toggled', series: other },
      { kind: 'axis', axis: { kind: 'metric', name: 'epoch' } },
      { kind: 'scale', scale: 'log' },
      { kind: 'smoothing', weight: 0.6 },
      { kind: 'layout', layout: 'apart' },
      { kind: 'range', range: { from: 1, to: 2 } },
      { kind: 'table', isShown: true },
    );
    const kept = toKept(state);
    assert.deepEqual(readKept(JSON.parse(JSON.stringify(kept))), kept);
    assert.deepEqual(toKept(toFirstState('a', kept, [loss])), kept);
  });

  for (const [words, value, part] of [
    ['nothing', undefined, undefined],
    ['another shape', {}, { series: [], axis: { kind: 'elapsed' }, range: null, smoothing: 0 }],
    [
      'wrong values',
      { series: [7, { job: 1 }], range: { from: 2, to: 1 }, smoothing: 7, axis: 'x' },
      { series: [], range: null, smoothing: 0.99 },
    ],
    ['an axis without a name', { axis: { kind: 'metric' } }, { axis: { kind: 'elapsed' } }],
  ] as const)
    it(`is read from ${words}`, () => {
      const read = readKept(value);
      if (part === undefined) assert.equal(read, undefined);
      else assert.deepEqual({ ...read, ...part }, read);
    });

  it('shows nothing of a range that has no values any more', () => {
    const state = { ...toState(), range: { from: 5000, to: 6000 } };
    assert.equal(play(state, toAnswer(state, [toSeries('a', [0, 1])])).range?.to ?? 10, 10);
  });
});

describe('the statistics of a line', () => {
  it('are of what is in sight, once that is known', () => {
    const range = { from: 0, to: 10 };
    const state = toState();
    const answered = play(state, toAnswer(state, [toSeries('a', [5, 1, 9])]), { kind: 'range', range });
    assert.equal(findSummary(answered, loss)?.max, 9);
    const fine = play(answered, toAnswer(answered, [toSeries('a', [5, 1])], range));
    assert.equal(findSummary(fine, loss)?.max, 5);
    assert.equal(findSummary(play(fine, { kind: 'range', range: null }), loss)?.max, 9);
  });
});

describe('a chart in words', () => {
  const state = (() => {
    const first = toState([loss, other]);
    return play(first, toAnswer(first, [toSeries('a', [3, 2, 1, NaN]), toSeries('b', [1])]));
  })();

  it('says where each line goes', () => {
    assert.equal(
      describeChart(state),
      'train (job a): nan, falling, between 1 and 3, 4 values, 1 time nan. train (job b): 1, 1 value.',
    );
    assert.equal(describeChart(play(state, { kind: 'toggled', series: loss })), 'train (job b): 1, 1 value.');
  });

  it('is a table of the values in sight', () => {
    assert.deepEqual(toValueRows(state), [
      { x: '0', values: ['3', '1'] },
      { x: '0.010 s', values: ['2', ''] },
      { x: '0.020 s', values: ['1', ''] },
      { x: '0.030 s', values: ['nan', ''] },
    ]);
  });

  it('is read value by value', () => {
    assert.equal(moveCursor(state, 1), 0);
    assert.equal(moveCursor(state, -1), 20);
    const at = { ...state, cursor: 0 };
    assert.equal(moveCursor(at, 1), 10);
    assert.equal(moveCursor(at, -1), 0);
    assert.equal(describeCursor(state, 10), '0.010 s: train (job a) 2, train (job b) 1');
    assert.equal(moveCursor(toState(), 1), null);
  });
});
