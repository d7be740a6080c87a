// What a chart knows of a line: live values go into its buckets, a fine look lies over a coarse one.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SeriesBuckets, Summary, type MetricSeries } from '../../../engine/metricSeries';
import {
  addValues,
  countStored,
  findNearest,
  findValue,
  moveSeries,
  takeNews,
  toShown,
  widenBuckets,
  type SeriesData,
} from '../../../webviews/metrics/seriesData';

function toSeries(values: readonly (readonly [x: number, value: number])[], limit = 1000): MetricSeries {
  const buckets = new SeriesBuckets(limit);
  const summary = new Summary();
  for (const [x, value] of values) {
    buckets.add(x, value);
    summary.add(x, value);
  }
  return {
    ...{ job: 'j', name: 'loss', watcher: null, unit: null, withoutX: 0 },
    ...buckets.toSeries(),
    summary: summary.toSummary(),
  };
}

const toData = (overview: MetricSeries, part: Partial<SeriesData> = {}): SeriesData => ({
  ...{ generation: 1, isStale: false, overview, detail: null },
  ...part,
});

const line = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => [from + index, from + index] as const);

describe('live values in the buckets of a chart', () => {
  it('are as many as fit, with the least and the greatest of all, however many come', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        let series = toSeries([]);
        for (const [x, value] of values.entries())
          series = addValues(series, [[x, value]], { limit: 4, unit: null });
        assert.ok(series.buckets.length <= 9);
        assert.equal(Math.min(...series.buckets.map(({ min }) => min)), Math.min(...values));
        assert.equal(Math.max(...series.buckets.map(({ max }) => max)), Math.max(...values));
        assert.equal(series.buckets.at(-1)?.last, values.at(-1));
        assert.equal(
          series.buckets.reduce((sum, { count }) => sum + count, 0),
          values.length,
        );
      }),
    );
  });

  it('leave those that came long ago as fine as those of now', () => {
    let series = toSeries(line(100_000), 100);
    for (let from = 100_000; from < 200_000; from += 500)
      series = addValues(series, line(500, from), { limit: 100, unit: null });
    const widths = series.buckets.slice(0, 60).map(({ from, to }) => to - from);
    assert.ok(Math.max(...widths) < 5000, `a bucket is ${Math.max(...widths)} wide`);
  });

  it('are widened at the same edges, whenever they are', () => {
    const exact = toSeries(line(1000)).buckets;
    const once = widenBuckets(exact, 20);
    const before = widenBuckets(exact, 200);
    assert.deepEqual(widenBuckets(before, 20), once);
    assert.deepEqual(widenBuckets([], 4), []);
  });

  it('that are not finite are marks, of which few are kept', () => {
    let series = toSeries([[0, 1]]);
    series = addValues(series, [[1, 'nan'], [2, 'inf']], { limit: 10, unit: 's' }); // prettier-ignore
    assert.deepEqual(
      series.marks.map(({ x, kind }) => [x, kind]),
      [
        [1, 'nan'],
        [2, 'inf'],
      ],
    );
    assert.equal(series.unit, 's');
    for (let x = 3; x < 1000; x++) series = addValues(series, [[x, 'nan']], { limit: 10, unit: null });
    assert.ok(series.marks.length <= 22);
    assert.equal(
      series.marks.reduce((sum, { count }) => sum + count, 0),
      999,
    );
  });
});

describe('news of a line', () => {
  const news = (steps: readonly number[]) => ({
    ...{ unit: null, steps },
    values: steps.map((step) => [step, step] as const),
  });

  it('is added once', () => {
    const data = toData(toSeries(line(3)));
    const next = takeNews(data, news([2, 3, 4]), 100);
    assert.equal(countStored(next.overview), 5);
    assert.deepEqual(toShown(next).x, [0, 1, 2, 3, 4]);
    assert.equal(takeNews(next, news([3, 4]), 100), next);
  });

  it('makes what is known stale if something is missing in between', () => {
    assert.equal(takeNews(toData(toSeries(line(3))), news([4]), 100).isStale, true);
  });

  it('counts values that have no place on the axis too', () => {
    const data = toData({ ...toSeries(line(3)), withoutX: 2 });
    assert.equal(takeNews(data, news([5]), 100).isStale, false);
    assert.equal(takeNews(data, news([6]), 100).isStale, true);
  });

  it('goes into the fine look if it is within its range', () => {
    const detail = { range: { from: 1, to: 3 }, series: toSeries(line(2, 1)), isOld: false };
    const next = takeNews(toData(toSeries(line(3)), { detail }), news([3, 4]), 100);
    assert.equal(next.detail?.series.summary.count, 3);
    assert.equal(next.overview.summary.count, 5);
  });
});

describe('what is drawn of a line', () => {
  it('is the fine look in its range and the coarse one around it', () => {
    const overview = toSeries(line(100), 10);
    const detail = { range: { from: 40, to: 49 }, series: toSeries(line(10, 40)), isOld: false };
    const { x } = toShown(toData(overview, { detail }));
    assert.deepEqual(
      x.filter((at) => at >= 40 && at <= 49),
      line(10, 40).map(([at]) => at),
    );
    assert.deepEqual(
      [...x].sort((a, b) => a - b),
      x,
    );
    assert.ok(x.length < 30);
  });

  it('begins where its values do', () => {
    const shown = toShown(toData(toSeries(line(100), 10)));
    assert.deepEqual([shown.x[0], shown.y[0], shown.x.at(-1), shown.y.at(-1)], [0, 0, 99, 99]);
  });

  it('has marks of both looks, each once', () => {
    const overview = toSeries([[0, NaN], [5, NaN], [9, NaN]]); // prettier-ignore
    const detail = { range: { from: 4, to: 6 }, series: toSeries([[5, NaN]]), isOld: false };
    assert.deepEqual(
      toShown(toData(overview, { detail })).marks.map(({ x }) => x),
      [0, 9, 5],
    );
  });

  it('can be moved, as a whole', () => {
    const moved = moveSeries(toSeries([[5, 1], [6, NaN]]), -5); // prettier-ignore
    assert.deepEqual(moved, toSeries([[0, 1], [1, NaN]])); // prettier-ignore
  });
});

describe('the value next to a place', () => {
  for (const [x, index] of [
    [-5, 0],
    [0, 0],
    [4, 0],
    [6, 1],
    [10, 1],
    [99, 2],
  ] as const)
    // prettier-ignore
    it(`${x} is number ${index}`, () => {
      assert.equal(findNearest([0, 10, 20], x), index);
    });

  it('is none if there is none', () => {
    assert.equal(findNearest([], 1), -1);
    assert.equal(findValue({ x: [], y: [], min: [], max: [], marks: [] }, 1), undefined);
  });

  it('may be one that is not finite', () => {
    const shown = toShown(toData(toSeries([[0, 1], [10, NaN]]))); // prettier-ignore
    assert.equal(findValue(shown, 2), 1);
    assert.equal(findValue(shown, 8), 'nan');
  });
});
