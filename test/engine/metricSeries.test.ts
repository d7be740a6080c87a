// Series for charts: exact while there are few values, and buckets that lose no extreme, no count and no place when there are many.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  SeriesBuckets,
  SeriesBuilder,
  type SeriesRequest,
  type StoredValue,
} from '../../engine/metricSeries';

const toStored = (step: number, value: number, given: Partial<StoredValue> = {}): StoredValue => ({
  ...{ id: step, time: 1000 + step, step, value, watcher: 'w1', watcherName: 'loss', unit: null },
  ...given,
});

const request: SeriesRequest = { series: [], axis: 'step', from: null, to: null, buckets: 4 };

describe('series of metrics', () => {
  it('are the values themselves while there are no more than buckets', () => {
    const series = new SeriesBuckets(3);
    for (const [x, value] of [
      [5, 1],
      [5, 2],
      [4, NaN],
    ] as const)
      series.add(x, value);
    const { isExact, buckets, marks } = series.toSeries();
    assert.equal(isExact, true);
    assert.deepEqual(
      buckets.map(({ from, to, first, count }) => [from, to, first, count]),
      [
        [5, 5, 1, 1],
        [5, 5, 2, 1],
      ],
    );
    assert.deepEqual(marks, [{ x: 4, kind: 'nan', count: 1 }]);
  });

  it('have the same edges when more values come, until buckets are too many', () => {
    const edgesOf = (count: number): number[] => {
      const series = new SeriesBuckets(8);
      for (let x = 0; x < count; x++) series.add(x, x);
      return series.toSeries().buckets.map(({ from }) => from);
    };
    assert.deepEqual(edgesOf(60), [0, 8, 16, 24, 32, 40, 48, 56]);
    assert.deepEqual(edgesOf(63), edgesOf(60));
    assert.deepEqual(edgesOf(65), [0, 16, 32, 48, 64]);
  });

  it('come to an end on both sides of zero, however few buckets are asked for', () => {
    const series = new SeriesBuckets(1);
    for (const x of [-3, -2, 5, 6]) series.add(x, x);
    assert.deepEqual(
      series.toSeries().buckets.map(({ from, to }) => [from, to]),
      [
        [-3, -2],
        [5, 6],
      ],
    );
  });

  const number = fc.oneof(
    fc.integer({ min: -1000, max: 1000 }),
    fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    fc.constantFrom(NaN, Infinity, -Infinity),
  );
  const x = fc.oneof(
    fc.integer({ min: 0, max: 100_000 }),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constant(7),
  );

  it('lose no extreme, no count and no mark, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(x, number), { maxLength: 200 }),
        fc.integer({ min: 2, max: 20 }),
        (points, limit) => {
          const series = new SeriesBuckets(limit);
          for (const point of points) series.add(...point);
          const { isExact, buckets, marks } = series.toSeries();
          assert.equal(isExact, points.length <= limit);
          assert.ok(buckets.length <= limit && marks.length <= 3 * limit);
          const finite = points.filter(([, value]) => Number.isFinite(value));
          assert.equal(
            buckets.reduce((sum, { count }) => sum + count, 0),
            finite.length,
          );
          assert.equal(
            marks.reduce((sum, { count }) => sum + count, 0),
            points.length - finite.length,
          );
          for (const [index, bucket] of buckets.entries()) {
            const next = buckets[index + 1];
            if (next) assert.ok(isExact ? bucket.to <= next.from : bucket.to < next.from);
            const own = isExact
              ? finite.filter(([at, value]) => at === bucket.from && value === bucket.first)
              : finite.filter(([at]) => at >= bucket.from && at <= bucket.to);
            assert.equal(bucket.min, Math.min(...own.map(([, value]) => value)));
            assert.equal(bucket.max, Math.max(...own.map(([, value]) => value)));
            assert.ok(own.some(([at, value]) => at === bucket.xOfMin && value === bucket.min));
            assert.ok(own.some(([at, value]) => at === bucket.xOfMax && value === bucket.max));
            assert.equal(bucket.first, own.find(([at]) => at === bucket.from)?.[1]);
            assert.equal(bucket.last, own.findLast(([at]) => at === bucket.to)?.[1]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('sum up the range, also what is not finite', () => {
    const builder = new SeriesBuilder({ job: 'j', name: 'loss' }, { ...request, from: 1, to: 4 }, false);
    for (const [step, value] of [9, 2, NaN, 4, -Infinity, 7].entries())
      builder.add('loss', toStored(step, value, { unit: step === 4 ? 'MB' : null }));
    const { summary, unit } = builder.toSeries();
    assert.deepEqual(summary, {
      ...{ count: 4, min: 2, max: 4, mean: 3 },
      notFinite: { nan: 1, inf: 0, '-inf': 1 },
      last: { x: 4, value: '-inf' },
    });
    assert.equal(unit, 'MB');
  });

  it('may be of one watcher alone', () => {
    const builder = new SeriesBuilder({ job: 'j', name: 'loss', watcher: 'w2' }, request, false);
    builder.add('loss', toStored(0, 1));
    builder.add('loss', toStored(1, 2, { watcher: 'w2' }));
    assert.deepEqual(
      builder.toSeries().buckets.map(({ first }) => first),
      [2],
    );
  });

  describe('over another metric', () => {
    const over = (
      isPaired: boolean,
      ...values: readonly (readonly [name: string, step: number, value: number])[]
    ) => {
      const builder = new SeriesBuilder({ job: 'j', name: 'loss' }, { ...request, by: 'epoch' }, isPaired);
      for (const [name, step, value] of values) builder.add(name, toStored(step, value));
      const { buckets, withoutX } = builder.toSeries();
      return { points: buckets.map(({ from, first }) => [from, first]), withoutX };
    };

    it('pair the values of the same step, whichever was stored first', () => {
      assert.deepEqual(
        over(true, ['loss', 0, 0.9], ['epoch', 0, 1], ['epoch', 1, 2], ['loss', 1, 0.5], ['loss', 2, 0.4]),
        {
          points: [
            [1, 0.9],
            [2, 0.5],
          ],
          withoutX: 1,
        },
      );
    });

    it('otherwise have the last x that was stored before', () => {
      assert.deepEqual(
        over(
          false,
          ['loss', 0, 0.9],
          ['epoch', 0, 1],
          ['loss', 1, 0.8],
          ['loss', 2, 0.7],
          ['epoch', 1, 2],
          ['loss', 3, 0.6],
        ),
        {
          points: [
            [1, 0.8],
            [1, 0.7],
            [2, 0.6],
          ],
          withoutX: 1,
        },
      );
    });
  });
});
