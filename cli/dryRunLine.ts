// An entry of a dry run as one line for people: where, which watcher, and what would have come of it.
import { findDetail, type DryRunEntry } from '../engine/dryRunEntry';
import { paint, type Output, type Style } from './output';

export function printEntry(entry: DryRunEntry, output: Output): void {
  const place = entry.line === null ? `${entry.timeMs / 1000} s` : `line ${entry.line}`;
  const [word, text, style] = describe(entry);
  output.line(
    paint('dim', place.padEnd(10)),
    `  ${entry.watcher}: `,
    paint(style, word),
    text === '' ? '' : `  ${text}`,
  );
}

function describe(entry: DryRunEntry): readonly [word: string, text: string, style: Style] {
  if (entry.kind === 'metric')
    return ['metric', `${entry.metric.name} = ${String(entry.metric.value)}`, 'dim'];
  if (entry.kind === 'match') return describeMatch(entry);
  const { kind, action, success, params, result } = entry.event;
  if (kind !== 'action')
    return [kind, result, kind === 'error' ? 'red' : kind === 'trigger' ? 'cyan' : 'yellow'];
  const final = Object.entries(params).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const isShort = success === true && action !== 'run_command';
  const more = isShort ? findDetail(entry.event) : `  ${result}`;
  return [`${action ?? kind}(${final.join(', ')})`, more, success === true ? 'green' : 'red'];
}

function describeMatch({
  matchedText,
  captures,
  condition,
}: Extract<DryRunEntry, { kind: 'match' }>): readonly [string, string, Style] {
  const values = Object.entries(captures).map(([name, value]) => `${name}=${value}`);
  const parts = [JSON.stringify(matchedText), ...values];
  if (condition) parts.push(`${condition.source} -> ${condition.value ?? condition.error ?? ''}`);
  return ['match', parts.join('  '), 'dim'];
}
