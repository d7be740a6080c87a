// The axis of x: how its values are asked for, and how they are said.
import { printNumber } from '../../engine/metricWords';
import type { Time } from '../../engine/model';
import type { AxisChoice } from './protocol';

export const isSameAxis = (a: AxisChoice, b: AxisChoice): boolean => toAxisKey(a) === toAxisKey(b);

/** Unlike that of every other axis. */
export const toAxisKey = (axis: AxisChoice): string =>
  axis.kind === 'metric' ? `metric ${axis.name}` : axis.kind;

/** The axis that `toAxisKey` made a key of. */
export function readAxisKey(key: string): AxisChoice {
  if (key.startsWith('metric ')) return { kind: 'metric', name: key.slice('metric '.length) };
  return { kind: key === 'clock' || key === 'step' ? key : 'elapsed' };
}

export function nameAxis(axis: AxisChoice): string {
  switch (axis.kind) {
    case 'elapsed':
      return "Time since the job's start";
    case 'clock':
      return 'Time';
    case 'step':
      return 'Step';
    case 'metric':
      return axis.name;
  }
}

/** News can be put in by itself: its x is with it, and rises. */
export const isLiveAxis = ({ kind }: AxisChoice): boolean => kind !== 'metric';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

/** Distances of ticks that people know, in milliseconds. */
export const timeSteps: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((count) => count * day),
];

const two = (value: number): string => String(value).padStart(2, '0');

/** `0`, `30 s`, `4:30`, `1:04:30`, `2d 3:00`; `precision`: the distance to what it must be told from, in milliseconds. */
export function printElapsed(milliseconds: number, precision = second): string {
  if (milliseconds < 0) return `−${printElapsed(-milliseconds, precision)}`;
  const rounded = precision < second ? milliseconds : Math.round(milliseconds / second) * second;
  const part = rounded % second;
  const digits = Math.max(0, Math.ceil(Math.log10(second / precision)));
  const fraction = precision < second && part > 0 ? (part / second).toFixed(digits).slice(1) : '';
  const seconds = Math.floor(rounded / second) % 60;
  const minutes = Math.floor(rounded / minute) % 60;
  const hours = Math.floor(rounded / hour) % 24;
  const days = Math.floor(rounded / day);
  if (rounded === 0) return '0';
  if (rounded < minute) return `${seconds}${fraction} s`;
  if (rounded < hour) return `${minutes}:${two(seconds)}${fraction}`;
  const clock = `${hours}:${two(minutes)}:${two(seconds)}${fraction}`;
  if (rounded < day) return clock;
  return precision >= day ? `${days}d` : `${days}d ${hours}:${two(minutes)}`;
}

/** A place on the axis for people; `width`: how much of the axis is in sight. */
export function printX(x: number, { kind }: AxisChoice, width: number): string {
  switch (kind) {
    case 'elapsed':
      return printElapsed(x, width < 10 * second ? 1 : second);
    case 'clock':
      return printTime(x, width);
    case 'step':
      return String(Math.round(x));
    case 'metric':
      return printNumber(x);
  }
}

function printTime(time: Time, width: number): string {
  const date = new Date(time);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const fraction = width < 10 * second ? `.${String(date.getMilliseconds()).padStart(3, '0')}` : '';
  return width > 12 * hour ? `${date.toLocaleDateString()} ${clock}` : `${clock}${fraction}`;
}
