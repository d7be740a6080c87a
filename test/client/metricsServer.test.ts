// Who answers the page of metrics: news is gathered and bounded, jobs and events are facts, and a lost engine is told.
import assert from 'node:assert/strict';
import { MetricsServer, type MetricsServerParts, type SourceState } from '../../client/panels/metricsServer';
import type { EngineChange, EngineRequests } from '../../engine/protocol';
import type { NewValues } from '../../webviews/metrics/protocol';
import { toEvent, toJob, toMetric } from '../records';
import { waitFor } from '../waitFor';

const nothing: EngineChange = {
  ...{ jobs: [], watchers: [], removedWatchers: [], events: [], metrics: [], clusters: [] },
};

function createServer(part: Partial<MetricsServerParts> = {}) {
  const told: (readonly [name: string, value: unknown])[] = [];
  const titles: string[] = [];
  const asked: (readonly [method: string, params: unknown])[] = [];
  let take: (change: EngineChange) => void = () => undefined;
  let reset: () => void = () => undefined;
  let state: SourceState = { kind: 'ready' };
  const answers: Partial<Record<keyof EngineRequests, unknown>> = {
    'engine/jobs': [toJob({ key: 'task', id: '12_1' }), toJob({ submitted: 5, started: 70 })],
    'engine/events': [
      toEvent({ id: 1, kind: 'trigger' }),
      toEvent({ id: 2, action: 'store_metric' }),
      toEvent({ id: 3, action: 'store_metric', success: false, result: 'not a number' }),
      toEvent({
        id: 4,
        kind: 'state',
        action: null,
        success: null,
        watcher: null,
        result: 'ended: COMPLETED',
      }),
      toEvent({ id: 5, kind: 'skip' }),
      toEvent({ id: 6, result: 'saw\n2' }),
    ],
    'engine/metricSeries': [],
  };
  const owned = { dispose: () => undefined };
  const server = new MetricsServer({
    context: { job: 'sandbox 12', title: 'train (job 12)', series: [] },
    page: {
      tell: (name, value) => told.push([name, value]),
      setTitle: (title) => titles.push(title),
    },
    engine: {
      request: (method, params) => {
        asked.push([method, params]);
        return Promise.resolve(answers[method] as never);
      },
      onDidChange: (listener) => {
        take = listener;
        return owned;
      },
      onDidReset: (listener) => {
        reset = listener;
        return owned;
      },
      findState: () => state,
    },
    deeds: {
      choose: () => Promise.resolve([]),
      exportValues: () => Promise.resolve(true),
      savePicture: () => Promise.resolve(true),
      showEvent: () => Promise.resolve(),
    },
    takeAdded: () => [],
    ...part,
  });
  return {
    ...{ server, told, titles, asked },
    change: (change: Partial<EngineChange>) => {
      take({ ...nothing, ...change });
    },
    setState: (next: SourceState) => {
      state = next;
      reset();
    },
    stored: () =>
      waitFor(
        'news of values',
        () => told.find(([name]) => name === 'stored')?.[1] as readonly NewValues[] | undefined,
      ),
  };
}

describe('the server of the page of metrics', () => {
  const series = [{ job: 'sandbox 12', name: 'loss' }];

  it('gathers news of what is followed, with what is not finite in words', async () => {
    const { server, change, stored, told } = createServer();
    await server.answers.follow({ series });
    change({ metrics: [toMetric({ time: 5, value: 2, unit: 's' })] });
    change({ metrics: [toMetric({ step: 1, time: 6, value: NaN, unit: 's' }), toMetric({ job: 'other' })] });
    assert.deepEqual(await stored(), [
      { job: 'sandbox 12', name: 'loss', unit: 's', steps: [0, 1], times: [5, 6], values: [2, 'nan'] },
    ]);
    assert.equal(told.length, 1);
    server.dispose();
  });

  it('mentions other metrics of the job once, without their values', async () => {
    const { server, change, stored, told } = createServer();
    await server.answers.follow({ series: [] });
    change({ metrics: [toMetric({ name: 'acc' })] });
    assert.deepEqual(await stored(), [
      { job: 'sandbox 12', name: 'acc', unit: null, steps: [], times: [], values: [] },
    ]);
    told.length = 0;
    change({ metrics: [toMetric({ name: 'acc', step: 1 }), toMetric({ name: 'lr' })] });
    assert.deepEqual(
      (await stored()).map(({ name }) => name),
      ['lr'],
    );
    server.dispose();
  });

  it('tells the last of too many values: the page asks for the others', async () => {
    const { server, change, stored } = createServer();
    await server.answers.follow({ series });
    change({ metrics: Array.from({ length: 6000 }, (_, step) => toMetric({ step })) });
    const [news] = await stored();
    assert.deepEqual([news?.steps.length, news?.steps[0], news?.steps.at(-1)], [5000, 1000, 5999]);
    server.dispose();
  });

  it('tells nothing after its end', async () => {
    const { server, change, told } = createServer();
    await server.answers.follow({ series });
    change({ metrics: [toMetric()] });
    server.dispose();
    const other = createServer();
    await other.server.answers.follow({ series });
    other.change({ metrics: [toMetric()] });
    await other.stored();
    other.server.dispose();
    assert.equal(told.length, 0);
  });

  it('says of jobs from when their time counts; of those that are forgotten, their key', async () => {
    const { server } = createServer();
    assert.deepEqual(await server.answers.jobs({ jobs: ['sandbox 12', 'gone'] }), [
      { key: 'sandbox 12', title: 'train (job 12)', state: 'running', start: 70 },
      { key: 'gone', title: 'gone', state: '', start: 0 },
    ]);
  });

  it('shows events that the lines do not show by themselves', async () => {
    const { server } = createServer();
    const events = await server.answers.events({ jobs: ['sandbox 12'] });
    assert.deepEqual(
      events.map(({ id, words, level }) => [id, words, level]),
      [
        [3, 'loss: not a number', 'error'],
        [4, 'ended: COMPLETED', 'info'],
        [6, 'loss: saw 2', 'info'],
      ],
    );
  });

  it('tells of jobs and events that it shows, and of no others', () => {
    const { change, told } = createServer();
    change({
      jobs: [toJob({ key: 'other' })],
      events: [toEvent({ job: 'other' }), toEvent({ kind: 'trigger' })],
    });
    assert.equal(told.length, 0);
    change({ jobs: [toJob()], events: [toEvent({ id: 9 })] });
    assert.deepEqual(
      told.map(([name]) => name),
      ['jobs', 'events'],
    );
  });

  it('has the tab say how many jobs are compared', async () => {
    const { server, titles } = createServer();
    await server.answers.follow({ series });
    await server.answers.follow({ series: [...series, { job: 'b', name: 'x' }, { job: 'b', name: 'y' }] });
    assert.deepEqual(titles, ['train (job 12) · metrics', 'train (job 12) and 1 more job · metrics']);
  });

  it('tells that the engine is gone, and that all is to be asked anew when it is back', () => {
    const { setState, told } = createServer();
    setState({ kind: 'ready' });
    assert.equal(told.length, 0);
    setState({ kind: 'lost', words: 'It is gone.' });
    setState({ kind: 'away' });
    setState({ kind: 'ready' });
    setState({ kind: 'away' });
    setState({ kind: 'ready' });
    assert.deepEqual(
      told.map(([, value]) => value),
      [
        { isThere: false, words: 'It is gone.' },
        { isThere: true, words: '' },
        { isThere: true, words: '' },
      ],
    );
  });

  it('hands questions of the chart to the engine as they are', async () => {
    const { server, asked } = createServer();
    const ask = { series, axis: 'time' as const, from: null, to: null, buckets: 9 };
    await server.answers.series({ ...ask, by: undefined });
    await server.answers.series({ ...ask, by: 'epoch' });
    assert.deepEqual(asked, [
      ['engine/metricSeries', ask],
      ['engine/metricSeries', { ...ask, by: 'epoch' }],
    ]);
  });
});
