// What watchers make of a line of output, or do by their timers and at the job's end, as lines of a test's result.
import { findDetail, type DryRunEntry } from '../../engine/dryRunEntry';
import { toOneLine } from '../../engine/words';
import { findActionRow, type ActionType } from '../../language/actionTable';
import type { Page } from './page';

type EventEntry = Extract<DryRunEntry, { kind: 'event' }>;

export class EntryPrinter {
  constructor(
    private readonly page: Page,
    /** Before each line. */
    private readonly indent: string,
  ) {}

  /** Those of one line, or of one moment. */
  print(entries: readonly DryRunEntry[]): void {
    for (const name of new Set(entries.map(({ watcher }) => watcher))) {
      const own = entries.filter(({ watcher }) => watcher === name);
      for (const entry of own) if (!isToldByMatch(entry, own)) this.printEntry(entry);
      if (isWithoutAction(own)) this.add('quiet', 'triggers, but the conditions of its actions do not hold');
    }
  }

  private printEntry(entry: DryRunEntry): void {
    if (entry.kind === 'match') this.printMatch(entry);
    else if (entry.kind === 'event') this.printEvent(entry);
  }

  private printMatch({
    watcher,
    matchedText,
    captures,
    condition,
  }: Extract<DryRunEntry, { kind: 'match' }>): void {
    const values = Object.entries(captures).map(([name, value]) => `${name}=${toOneLine(value, 80)}`);
    const captured = values.length === 0 ? '' : `, ${values.join(', ')}`;
    this.page.add(this.indent, ['watcher', watcher], ` matches "${toOneLine(matchedText)}"${captured}`);
    if (!condition) return;
    const { source, value, holds, error } = condition;
    if (error !== null) this.add('failure', `✗ ${source} cannot be decided: ${error}`);
    else if (holds) this.add('quiet', `${source} is ${value ?? ''}`);
    else this.add('skip', `– ${source} is ${value ?? ''}: it does not trigger`);
  }

  private printEvent(entry: EventEntry): void {
    const { kind, action, success, params } = entry.event;
    const result = toOneLine(entry.event.result);
    const call = action === null ? '' : printCall(action, params);
    switch (kind) {
      case 'trigger':
        if (entry.event.cause?.kind !== 'match') this.printTrigger(entry);
        for (const text of findLeftOut(entry)) this.add('skip', `– ${text}`);
        return;
      case 'action':
        if (success === true) {
          this.add('action', `→ ${call}`);
          const detail = toOneLine(findDetail(entry.event), 1000);
          if (action === 'run_command') this.add('quiet', result);
          else if (detail !== '') this.add('quiet', detail);
        } else this.add('failure', `✗ ${call} would fail: ${result}`);
        return;
      case 'skip':
        this.add('skip', `– ${call === '' ? '' : `${call} `}skipped: ${result}`);
        return;
      case 'state':
        this.add('skip', `goes from ${result}`);
        return;
      case 'error':
      case 'gap':
        this.add('failure', `✗ ${result}`);
    }
  }

  private printTrigger({ watcher, timeMs, event: { cause } }: EventEntry): void {
    const why =
      cause?.kind === 'deadline'
        ? ` triggers by its ${cause.deadline}, after ${timeMs / 1000} s`
        : ' triggers as the job ends';
    this.page.add(this.indent, ['watcher', watcher], why);
  }

  private add(tone: 'quiet' | 'action' | 'failure' | 'skip', text: string): void {
    this.page.add([tone, `${this.indent}  ${text}`]);
  }
}

/** What a condition could not decide is said at its match already. */
function isToldByMatch(entry: DryRunEntry, others: readonly DryRunEntry[]): boolean {
  if (entry.kind !== 'event' || entry.event.kind !== 'error') return false;
  const { result } = entry.event;
  return others.some((other) => other.kind === 'match' && result.endsWith(other.condition?.error ?? '\0'));
}

const isWithoutAction = (entries: readonly DryRunEntry[]): boolean =>
  entries.some((entry) => entry.kind === 'event' && entry.event.kind === 'trigger') &&
  !entries.some((entry) => entry.kind === 'event' && ['action', 'skip', 'error'].includes(entry.event.kind));

/** Which actions do not run, and why: it stands behind the match, which the job has printed. */
const findLeftOut = ({ event: { matchedText, result } }: EventEntry): readonly string[] => {
  const told = /(?:^|; )(left out: .*)$/s.exec(result.slice(matchedText?.length ?? 0))?.[1];
  return told === undefined ? [] : [toOneLine(told)];
};

/** With the parameters in the order in which the language describes them. */
export function printCall(action: ActionType, params: EventEntry['event']['params']): string {
  const order = (findActionRow(action)?.params ?? []).map(({ name }) => name);
  const written = Object.entries(params).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  return `${action}(${written.map(([name, value]) => `${name}=${toOneLine(JSON.stringify(value))}`).join(', ')})`;
}
