// Ranges of x: what there is, zoom, pan; and the range of y that shows it.
import type { Scale, ViewRange } from './protocol';
import type { Shown } from './seriesData';

/** From the first to the last x of all lines; undefined if there is none. */
export function findExtent(lines: readonly Shown[]): ViewRange | undefined {
  let [from, to] = [Infinity, -Infinity];
  for (const { x, marks } of lines) {
    from = Math.min(from, x[0] ?? Infinity);
    to = Math.max(to, x.at(-1) ?? -Infinity);
    for (const mark of marks) [from, to] = [Math.min(from, mark.x), Math.max(to, mark.x)];
  }
  if (from > to) return undefined;
  return from === to ? { from: from - 0.5, to: to + 0.5 } : { from, to };
}

/** Smaller ones are as good as a point: numbers do not tell them apart. */
const leastPart = 1e-9;

/** Within what there is; null if it shows all of that. */
export function keepInside({ from, to }: ViewRange, extent: ViewRange): ViewRange | null {
  const whole = extent.to - extent.from;
  const width = Math.max(to - from, whole * leastPart);
  if (width >= whole * (1 - leastPart)) return null;
  const start = Math.min(Math.max(from, extent.from), extent.to - width);
  return { from: start, to: start + width };
}

/** `factor` below 1 comes closer; what is `at` stays where it is. */
export function zoom(
  { from, to }: ViewRange,
  factor: number,
  { at = (from + to) / 2, extent }: { readonly at?: number; readonly extent: ViewRange },
): ViewRange | null {
  return keepInside({ from: at - (at - from) * factor, to: at + (to - at) * factor }, extent);
}

/** `part` of what is in sight; above 0 goes to greater x. */
export function pan(range: ViewRange, part: number, extent: ViewRange): ViewRange | null {
  const by = (range.to - range.from) * part;
  return keepInside({ from: range.from + by, to: range.to + by }, extent);
}

/** Shows all values of the range, with some air; on a logarithmic scale those above 0. */
export function findValueRange(
  lines: readonly Shown[],
  { from, to }: ViewRange,
  scale: Scale,
): readonly [number, number] {
  const isLog = scale === 'log';
  let [least, most] = [Infinity, -Infinity];
  for (const { x, y, min, max } of lines)
    for (const [index, at] of x.entries()) {
      if (at < from || at > to) continue;
      for (const value of [min[index], y[index], max[index]])
        if (value !== undefined && (!isLog || value > 0))
          [least, most] = [Math.min(least, value), Math.max(most, value)];
    }
  if (least > most) return isLog ? [1, 10] : [0, 1];
  if (isLog) return least === most ? [least / 2, most * 2] : padLog(least, most);
  if (least === most) {
    const air = Math.abs(least) / 10 || 1;
    return [least - air, most + air];
  }
  const air = (most / 20 - least / 20) * 1.2;
  return [least - air, most + air];
}

/** To numbers of one digit: an axis begins and ends with what can be read. */
function padLog(least: number, most: number): readonly [number, number] {
  const toMagnitude = (value: number): number => 10 ** Math.floor(Math.log10(value));
  const [low, high] = [toMagnitude(least), toMagnitude(most)];
  return [Math.max(Math.floor(least / low) * low, Number.MIN_VALUE), Math.ceil(most / high) * high];
}
