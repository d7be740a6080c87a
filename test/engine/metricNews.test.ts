// News of metrics gives the same as asking for all again, and says so if something is missing.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addToName, addToSummary, beginName } from '../../engine/metricNews';
import { NameBuilder, Summary, toPlainNumber } from '../../engine/metricSeries';
import type { Metric } from '../../engine/model';

const toMetric = (step: number, value: number, part: Partial<Metric> = {}): Metric => ({
  ...{ id: step, time: 1000 + step, cluster: 'c', job: 'j', jobId: '1', watcherId: 'w', watcher: 'loss' },
  ...{ name: 'loss', value, unit: null, step },
  ...part,
});

const toName = (metrics: readonly Metric[], recent = 4) => {
  const builder = new NameBuilder('j', 'loss', recent);
  for (const { watcherId, watcher, ...metric } of metrics)
    builder.add({ ...metric, watcher: watcherId, watcherName: watcher });
  return builder.toName();
};

const values = fc.array(
  fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom(NaN, Infinity, -Infinity)),
  {
    minLength: 1,
    maxLength: 12,
  },
);

describe('news of metrics', () => {
  it('adds to a summary what counting all again would give', () => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        const [known, all] = [new Summary(), new Summary()];
        for (const [x, value] of before.entries()) known.add(x, value);
        for (const [x, value] of [...before, ...after].entries()) all.add(x, value);
        const { mean, ...rest } = addToSummary(
          known.toSummary(),
          after.map((value, index) => [before.length + index, toPlainNumber(value)] as const),
        );
        const { mean: wanted, ...others } = all.toSummary();
        assert.deepEqual(rest, others);
        assert.ok(
          mean === wanted || Math.abs((mean ?? NaN) - (wanted ?? NaN)) < 1e-9,
          `${mean} and ${wanted}`,
        );
      }),
    );
  });

  it('adds to a metric what asking for it again would give', () => {
    const all = [1, 2, NaN, 4, 5, 6].map((value, step) => toMetric(step, value));
    const known = toName(all.slice(0, 3));
    assert.ok(known);
    const { summary, ...rest } = addToName(known, all.slice(3), 4) ?? known;
    const { summary: wanted, ...others } = toName(all) ?? known;
    assert.deepEqual(rest, others);
    assert.deepEqual({ ...summary, mean: 0 }, { ...wanted, mean: 0 });
  });

  it('begins a metric with its first value', () => {
    const all = [3, 2].map((value, step) => toMetric(step, value));
    assert.deepEqual(beginName(all, 4), toName(all));
    assert.equal(beginName(all.slice(1), 4), undefined);
    assert.equal(beginName([], 4), undefined);
  });

  it('counts nothing twice', () => {
    const all = [1, 2, 3].map((value, step) => toMetric(step, value));
    const known = toName(all);
    assert.ok(known);
    assert.equal(addToName(known, all, 4), known);
  });

  it('says if values in between are missing', () => {
    const known = toName([toMetric(0, 1)]);
    assert.ok(known);
    assert.equal(addToName(known, [toMetric(2, 1)], 4), undefined);
  });

  it('knows who stored them, in the order of their first values', () => {
    const known = toName([toMetric(0, 1)]);
    assert.ok(known);
    const next = addToName(known, [toMetric(1, 1, { watcherId: 'v', watcher: 'other' }), toMetric(2, 1)], 4);
    assert.deepEqual(next?.watchers, [
      { id: 'w', name: 'loss' },
      { id: 'v', name: 'other' },
    ]);
  });
});
