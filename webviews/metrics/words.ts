// The chart in words and numbers: for ears, and for those who want to read the values.
import { describeMetricInWords, printWithUnit } from '../../engine/metricWords';
import type { PlainNumber } from '../../engine/metricSeries';
import { printX } from './axis';
import type { KeptSeries } from './protocol';
import { findNearest, findValue, type Shown } from './seriesData';
import { findShown, findSummary, findUnit, findWhole, nameSeries, visibleSeries, type State } from './state';

/** `loss: 0.31, falling, between 0.3 and 2.4, 120 values`. */
export function describeLine(state: State, series: KeptSeries): string {
  const summary = findSummary(state, series);
  const name = nameSeries(state, series);
  if (!summary || summary.count === 0) return `${name}: no value`;
  const recent = valuesInSight(state, series);
  return `${name}: ${describeMetricInWords({ summary, unit: findUnit(state, series), recent })}`;
}

function valuesInSight(state: State, series: KeptSeries): readonly PlainNumber[] {
  const { x, y } = findShown(state, series);
  const { range } = state;
  return range ? y.filter((_, index) => isWithin(x[index] ?? NaN, range)) : y;
}

const isWithin = (x: number, { from, to }: { readonly from: number; readonly to: number }): boolean =>
  x >= from && x <= to;

/** All lines that are not hidden, a sentence each. */
export const describeChart = (state: State): string =>
  visibleSeries(state)
    .map((series) => `${describeLine(state, series)}.`)
    .join(' ');

export interface ValueRow {
  readonly x: string;
  /** Of each line that is not hidden; empty if it has none there. */
  readonly values: readonly string[];
}

/** This many places are in the table at most. */
const tableRows = 40;

/** Values in sight, at places that are evenly chosen among those that have any. */
export function toValueRows(state: State): readonly ValueRow[] {
  const lines = visibleSeries(state);
  const shown = lines.map((series) => findShown(state, series));
  const range = state.range ?? findWhole(state);
  if (!range) return [];
  const all = new Set(shown.flatMap(({ x, marks }) => [...x, ...marks.map((mark) => mark.x)]));
  const places = [...all].filter((x) => isWithin(x, range)).sort((a, b) => a - b);
  const chosen = chooseEvenly(places, tableRows);
  const reach = (range.to - range.from) / tableRows / 2;
  return chosen.map((x) => ({
    x: printX(x, state.axis, range.to - range.from),
    values: lines.map((series, index) => {
      const value = findNear(shown[index], x, reach);
      return value === undefined ? '' : printWithUnit(value, findUnit(state, series));
    }),
  }));
}

/** The first, the last, and others in between. */
export function chooseEvenly<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)] as Item);
}

function findNear(shown: Shown | undefined, x: number, reach: number): PlainNumber | undefined {
  if (!shown) return undefined;
  const nearest = shown.x[findNearest(shown.x, x)];
  const isNear = nearest !== undefined && Math.abs(nearest - x) <= reach;
  return isNear || shown.marks.some((mark) => Math.abs(mark.x - x) <= reach)
    ? findValue(shown, x)
    : undefined;
}

/** What the keys say where the cursor is. */
export function describeCursor(state: State, x: number): string {
  const range = state.range ?? findWhole(state);
  const width = range ? range.to - range.from : 0;
  const values = visibleSeries(state).flatMap((series) => {
    const value = findValue(findShown(state, series), x);
    return value === undefined
      ? []
      : [`${nameSeries(state, series)} ${printWithUnit(value, findUnit(state, series))}`];
  });
  return `${printX(x, state.axis, width)}: ${values.join(', ')}`;
}

/** The next place of the first line that is not hidden, in the direction of `by`. */
export function moveCursor(state: State, by: 1 | -1): number | null {
  const [series] = visibleSeries(state);
  const range = state.range ?? findWhole(state);
  if (!series || !range) return null;
  const xs = findShown(state, series).x.filter((x) => isWithin(x, range));
  if (xs.length === 0) return null;
  const { cursor } = state;
  if (cursor === null) return (by > 0 ? xs[0] : xs.at(-1)) ?? null;
  const index = findNearest(xs, cursor);
  return xs[Math.min(xs.length - 1, Math.max(0, index + by))] ?? null;
}

/** How a script has a number kept. */
export const exampleDirective = `#WATCHER_BEGIN
# name: loss
# pattern: "loss[=:]\\s*(\\S+)"
# captures: [loss]
# actions:
#   - store_metric(name=loss, value=$loss)
#WATCHER_END`;
