// The tree of metrics knows what jobs have stored, and draws what has changed, and nothing else.
import assert from 'node:assert/strict';
import { MetricBook } from '../../client/metricBook';
import { MetricNodes } from '../../client/trees/metricNodes';
import { NameBuilder, type MetricName } from '../../engine/metricSeries';
import type { Job, Metric } from '../../engine/model';
import { toJob, toMetric } from '../records';

const now = 1_000_000;

/** What an engine would answer: made of all that it was given. */
function createEngine() {
  const stored: Metric[] = [];
  const held: (() => void)[] = [];
  let isHolding = false;
  let refusal: Error | undefined;
  const answer = (jobs: readonly string[]): readonly MetricName[] =>
    jobs.flatMap((job) => {
      const own = stored.filter((metric) => metric.job === job);
      return [...new Set(own.map(({ name }) => name))].flatMap((name) => {
        const builder = new NameBuilder(job, name, 8);
        for (const { watcherId, watcher, ...metric } of own)
          if (metric.name === name) builder.add({ ...metric, watcher: watcherId, watcherName: watcher });
        return builder.toName() ?? [];
      });
    });
  return {
    asked: [] as (readonly string[])[],
    store: (...metrics: readonly Metric[]) => {
      stored.push(...metrics);
      return metrics;
    },
    refuse: (error: Error | undefined) => {
      refusal = error;
    },
    /** Answers are made now, and given when they are let go. */
    hold: () => {
      isHolding = true;
    },
    letGo: () => {
      isHolding = false;
      for (const give of held.splice(0)) give();
    },
    async ask(jobs: readonly string[]): Promise<readonly MetricName[]> {
      this.asked.push(jobs);
      if (refusal) throw refusal;
      const answered = answer(jobs);
      if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
      return answered;
    },
  };
}

function createTree(jobs: readonly Job[] = [toJob()]) {
  const engine = createEngine();
  let changes = 0;
  const book = new MetricBook({
    ask: (wanted) => engine.ask(wanted),
    jobs: () => jobs.map(({ key }) => key),
    onChange: () => {
      changes++;
    },
  });
  const nodes = new MetricNodes({
    findJob: (key) => jobs.find((job) => job.key === key),
    names: () => book.names,
  });
  const valueOf = (name: string) => book.names.get('sandbox 12')?.get(name)?.summary;
  return { engine, book, nodes, valueOf, changes: () => changes };
}

describe('what is known of metrics', () => {
  it('is asked for once, then kept up by news', async () => {
    const { engine, book, valueOf } = createTree();
    engine.store(toMetric({ value: 3 }));
    await Promise.all([book.fill(), book.fill()]);
    await book.fill();
    book.take(engine.store(toMetric({ id: 2, step: 1, value: 2 })));
    assert.deepEqual(engine.asked, [['sandbox 12']]);
    assert.deepEqual([valueOf('loss')?.count, valueOf('loss')?.min, valueOf('loss')?.last?.value], [2, 2, 2]);
  });

  it('counts news once that came while it was asked for', async () => {
    const { engine, book, valueOf } = createTree();
    engine.store(toMetric());
    engine.hold();
    const filling = book.fill();
    book.take(engine.store(toMetric({ id: 2, step: 1, value: 2 })));
    engine.letGo();
    await filling;
    assert.equal(valueOf('loss')?.count, 2);
    const again = createTree();
    const [first, second] = again.engine.store(toMetric(), toMetric({ id: 2, step: 1, value: 2 }));
    assert.ok(first && second);
    again.engine.hold();
    const other = again.book.fill();
    again.book.take([second]);
    again.engine.letGo();
    await other;
    assert.equal(again.valueOf('loss')?.count, 2);
  });

  it('begins with the first value of a metric or a job that nothing was known of', async () => {
    const { engine, book, valueOf } = createTree();
    await book.fill();
    book.take(engine.store(toMetric({ name: 'acc', value: 7 })));
    assert.equal(valueOf('acc')?.last?.value, 7);
    assert.equal(engine.asked.length, 1);
  });

  it('is asked for again if news is missing in between', async () => {
    const { engine, book, valueOf } = createTree();
    engine.store(toMetric());
    await book.fill();
    engine.store(toMetric({ id: 2, step: 1, value: 2 }));
    book.take(engine.store(toMetric({ id: 3, step: 2, value: 1 })));
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(engine.asked, [['sandbox 12'], ['sandbox 12']]);
    assert.equal(valueOf('loss')?.count, 3);
  });

  it('is asked for again after the connection was lost, and tells who asked of a refusal', async () => {
    const { engine, book, valueOf } = createTree();
    engine.store(toMetric());
    await book.fill();
    book.lose();
    book.take(engine.store(toMetric({ id: 2, step: 1, value: 2 })));
    assert.equal(valueOf('loss')?.count, 1);
    engine.refuse(new Error('not now'));
    await assert.rejects(book.fill(), /not now/);
    engine.refuse(undefined);
    await book.fill();
    assert.equal(valueOf('loss')?.count, 2);
  });

  it('tells of changes, and of nothing else', async () => {
    const { book, changes } = createTree();
    await book.fill();
    const before = changes();
    book.take([]);
    assert.equal(changes(), before);
    book.take([toMetric()]);
    assert.equal(changes(), before + 1);
  });
});

describe('the nodes of the tree of metrics', () => {
  const job = { kind: 'job', job: 'sandbox 12' };
  const metric = (name: string) => ({ kind: 'metric', job: 'sandbox 12', name });

  it('are jobs that have metrics, the newest first, and their metrics in the order of their first values', async () => {
    const jobs = [toJob(), toJob({ key: 'new', submitted: 9 }), toJob({ key: 'none' })];
    const { engine, book, nodes } = createTree(jobs);
    engine.store(toMetric({ id: 2, name: 'z' }), toMetric({ id: 3, name: 'a' }), toMetric({ job: 'new' }));
    await book.fill();
    assert.deepEqual(nodes.childrenOf(undefined), [{ kind: 'job', job: 'new' }, job]);
    const [, old] = nodes.childrenOf(undefined);
    assert.deepEqual(nodes.childrenOf(old), [metric('z'), metric('a')]);
    const [z] = nodes.childrenOf(old);
    assert.ok(z);
    assert.equal(nodes.parentOf(z), old);
    assert.equal(nodes.childrenOf(old)[0], z);
    assert.deepEqual(nodes.childrenOf(z), []);
    assert.equal(nodes.find({ job: 'sandbox 12', name: 'z' })?.name, 'z');
  });

  it('are drawn alone if their values have changed, and with their job if they are new', async () => {
    const { engine, book, nodes } = createTree([toJob({ started: now })]);
    engine.store(toMetric({ name: 'loss' }), toMetric({ id: 2, name: 'acc' }));
    await book.fill();
    assert.equal(nodes.findChanged(now), 'all');
    assert.deepEqual(nodes.findChanged(now), []);
    book.take(engine.store(toMetric({ id: 3, step: 1, value: 0.5 })));
    assert.deepEqual(nodes.findChanged(now), [metric('loss')]);
    book.take(engine.store(toMetric({ id: 4, name: 'lr' })));
    assert.deepEqual(nodes.findChanged(now), [job, metric('lr')]);
    assert.deepEqual(nodes.findChanged(now + 60_000), [job]);
  });
});
