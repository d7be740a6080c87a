// An event as one line for people: when, which job and watcher, and what came of it.
import type { WatchEvent } from '../engine/model';
import { findLines, toLevel } from '../engine/words';
import { paint, type Output, type Style } from './output';

const pad = (value: number): string => String(value).padStart(2, '0');

/** The local time of day; the date goes with the JSON. */
export function toClockTime(time: number): string {
  const date = new Date(time);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

function toStyle(event: WatchEvent): Style {
  const level = toLevel(event);
  if (level !== 'info') return level === 'error' ? 'red' : 'yellow';
  if (event.kind === 'trigger') return 'dim';
  return event.kind === 'state' ? 'cyan' : 'green';
}

export function printEvent(event: WatchEvent, output: Output): void {
  const who = event.watcher === null ? '' : `${event.watcher}: `;
  const what = event.action ?? event.kind;
  const isMore = event.output !== null && findLines(event.output).length > 1;
  const text = `${what.padEnd(12)}  ${who}${event.result}${isMore ? '; "events --json" has them' : ''}`;
  output.line(
    paint('dim', toClockTime(event.time)),
    `  ${event.jobId.padEnd(6)}  `,
    paint(toStyle(event), text),
  );
}
