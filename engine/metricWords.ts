// How values of metrics are said: numbers, trends and small pictures made of letters, the same in trees and charts.
import type { MetricName, PlainNumber } from './metricSeries';
import { count, toOneLine } from './words';

const steps = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** Without zeros that say nothing: `0.310` is `0.31`, `1.20e-5` is `1.2e-5`. */
function trimZeros(text: string): string {
  const [digits = '', exponent] = text.split('e');
  return `${Number(digits)}${exponent === undefined ? '' : `e${exponent}`}`;
}

/** In few digits, as people write it: `0.31`, `1.2e-5`, `12.4k`; what is not finite as Python prints it. */
export function printNumber(value: PlainNumber): string {
  if (typeof value === 'string') return value;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 9.995e14) return trimZeros(value.toExponential(2)).replace('e+', 'e');
  if (size < 9999.5) return trimZeros(value.toPrecision(4));
  const [divisor, letter] = steps.find(([least]) => size >= least * 0.9995) ?? [1, ''];
  return `${trimZeros((value / divisor).toPrecision(3))}${letter}`;
}

/** A percent sign stands right after its number, any other unit after a blank. */
export function printWithUnit(value: PlainNumber, unit: string | null): string {
  const shown = unit === null ? '' : toOneLine(unit, 20);
  if (shown === '') return printNumber(value);
  return `${printNumber(value)}${shown === '%' ? '' : ' '}${shown}`;
}

const bars = '▁▂▃▄▅▆▇█';

/** One bar for each value, from the least to the greatest of them; `×` for one that is not finite. */
export function toSparkline(values: readonly PlainNumber[]): string {
  const finite = values.filter((value) => typeof value === 'number');
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  return values
    .map((value) => {
      if (typeof value === 'string') return '×';
      if (most === least) return bars.charAt(3);
      // Halves first: the difference of two great numbers may be infinite.
      const part = (value / 2 - least / 2) / (most / 2 - least / 2);
      return bars.charAt(Math.min(7, Math.floor(part * 8)));
    })
    .join('');
}

export type Trend = 'rising' | 'falling' | 'steady';

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value / values.length, 0);

/** Where values go on the whole: their last third compared with the first. Undefined for fewer than two finite ones. */
export function findTrend(values: readonly PlainNumber[]): Trend | undefined {
  const finite = values.filter((value) => typeof value === 'number');
  if (finite.length < 2) return undefined;
  const third = Math.ceil(finite.length / 3);
  const change = mean(finite.slice(-third)) / 2 - mean(finite.slice(0, third)) / 2;
  const range = Math.max(...finite) / 2 - Math.min(...finite) / 2;
  if (range === 0 || Math.abs(change) < range / 8) return 'steady';
  return change > 0 ? 'rising' : 'falling';
}

const arrows: Readonly<Record<Trend, string>> = { rising: '↑', falling: '↓', steady: '→' };

/** `0.31 ↓ ▁▂▃▅`. */
export function describeMetric({ summary, unit, recent }: MetricName): string {
  if (!summary.last) return 'no value';
  const trend = findTrend(recent);
  return [
    printWithUnit(summary.last.value, unit),
    ...(trend === undefined ? [] : [arrows[trend], toSparkline(recent)]),
  ].join(' ');
}

/** The same for ears: `0.31, falling, between 0.3 and 2.4, 120 values`. */
export function describeMetricInWords({
  summary,
  unit,
  recent,
}: Pick<MetricName, 'summary' | 'unit' | 'recent'>): string {
  const { last, min, max } = summary;
  if (!last) return 'no value';
  const trend = findTrend(recent);
  const range =
    min === null || max === null || min === max
      ? []
      : [`between ${printNumber(min)} and ${printWithUnit(max, unit)}`];
  const bad = summary.notFinite;
  const marks = (['nan', 'inf', '-inf'] as const).flatMap((kind) =>
    bad[kind] > 0 ? [`${count(bad[kind], 'time')} ${kind}`] : [],
  );
  return [
    printWithUnit(last.value, unit),
    ...(trend === undefined ? [] : [trend]),
    ...range,
    count(summary.count, 'value'),
    ...marks,
  ].join(', ');
}
