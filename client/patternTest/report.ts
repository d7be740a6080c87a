// The result of a pattern test as text that people read: counts on top, then the output with what watchers make of each line.
import type { DryRunEntry } from '../../engine/dryRunEntry';
import type { Stream } from '../../engine/model';
import { count, toOneLine } from '../../engine/words';
import type { JobEndState } from '../../language/jobStates';
import { EntryPrinter } from './entryPrinter';
import { Page, type TestReport } from './page';

export interface TestedWatcher {
  readonly name: string;
  readonly pattern: string | null;
  /** Of its directive, from 1; null where no script is open that has it. */
  readonly line: number | null;
}

export interface PatternTest {
  /** What the watchers are from, `train.sh`. */
  readonly script: string;
  /** What they were tested on, `slurm-42.out`. */
  readonly output: string;
  readonly watchers: readonly TestedWatcher[];
  /** Null: there is none. Where one file is both, it is stdout. */
  readonly outputs: Readonly<Record<Stream, string | null>>;
  readonly entries: readonly DryRunEntry[];
  readonly tickMs: number;
  readonly endState: JobEndState | null;
  /** False where only the beginning of the output was gone through. */
  readonly isWhole: boolean;
}

/** Up to so many lines of output all are shown; of more, the surroundings of those with a match. */
const allLines = 20_000;
const edgeLines = 20;
/** What is shown ends here, whatever matches; the counts on top are of all. */
const mostLines = 50_000;
const longestLine = 2000;

export function printReport(test: PatternTest): TestReport {
  const page = new Page();
  printHead(test, page);
  const streams: readonly Stream[] = test.outputs.stderr === null ? ['stdout'] : ['stdout', 'stderr'];
  for (const stream of streams) {
    const text = test.outputs[stream];
    if (text === null) continue;
    if (streams.length > 1)
      page.add(['title', stream === 'stdout' ? 'Standard output' : 'Standard error']).add();
    printOutput(text, stream, { test, page, isOnly: streams.length === 1 });
  }
  return page.report;
}

// ---- the head -----------------------------------------------------------------------------------------------------

function printHead(test: PatternTest, page: Page): void {
  const { script, output, watchers, entries, tickMs, endState, isWhole } = test;
  page.add(['title', `Test of ${script} on ${output}`]);
  page.add('Nothing was run, sent or cancelled: this is what the watchers would do on this output.');
  if (!isWhole)
    page.add(['skip', 'Only its beginning was tested: the output is larger than a test goes through.']);
  page.add();
  for (const watcher of watchers) printCounts(watcher, entries, page);
  page.add();
  const end = endState === null ? '' : ` After the last line the job ends as ${endState}.`;
  const tick = tickMs === 1000 ? '1 second' : `${tickMs / 1000} seconds`;
  page.add([
    'quiet',
    `Each line counts as ${tick}: cooldowns, timers and the limit of actions a minute go by that.${end}`,
  ]);
  page.add([
    'quiet',
    'Below each line that matches stand the watcher, what it captured, and → what it would do.',
  ]);
  page.add();
}

function printCounts(
  { name, pattern, line }: TestedWatcher,
  entries: readonly DryRunEntry[],
  page: Page,
): void {
  const own = entries.filter(({ watcher }) => watcher === name);
  const matches = own.filter(({ kind }) => kind === 'match').length;
  const triggers = own.filter((entry) => entry.kind === 'event' && entry.event.kind === 'trigger').length;
  const place = line === null ? [] : [' (', { link: `line ${line}`, scriptLine: line }, ')'];
  const found = `${count(matches, 'match', 'matches')}, ${count(triggers, 'trigger')}`;
  page.add(['watcher', name], ...place, `: ${found}${describeActions(own)}`);
  if (matches === 0 && pattern !== null)
    page.add(['quiet', '    No line of this output matches ', pattern === '' ? '""' : toOneLine(pattern)]);
  else if (matches > 0 && triggers === 0)
    page.add(['quiet', '    It matches, but never triggers: the lines below say why.']);
}

function describeActions(entries: readonly DryRunEntry[]): string {
  const numbers = new Map<string, number>();
  for (const entry of entries)
    if (entry.kind === 'event' && entry.event.kind === 'action' && entry.event.action !== null)
      numbers.set(entry.event.action, (numbers.get(entry.event.action) ?? 0) + 1);
  if (numbers.size === 0) return '';
  return ` → ${[...numbers].map(([action, number]) => (number === 1 ? action : `${action} ${number} times`)).join(', ')}`;
}

// ---- the output ---------------------------------------------------------------------------------------------------

interface OutputPlace {
  readonly test: PatternTest;
  readonly page: Page;
  /** Whether entries without a line belong to this output. */
  readonly isOnly: boolean;
}

function printOutput(text: string, stream: Stream, place: OutputPlace): void {
  const { test, page } = place;
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const found = groupByLine(test, stream, { lineCount: lines.length, isOnly: place.isOnly });
  const numbers = new NumberColumn(lines.length);
  const printer = new LinePrinter(lines, numbers, page);
  const entryPrinter = new EntryPrinter(page, numbers.blank);
  let next = 1;
  for (const [number, entries] of found) {
    if (number > lines.length) break;
    if (page.lineCount > mostLines) break;
    printer.printStretch(next, number - 1);
    printer.printCause(number, entries);
    entryPrinter.print(entries);
    next = number + 1;
  }
  if (page.lineCount <= mostLines) printer.printStretch(next, lines.length);
  else
    page.add([
      'skip',
      `… ${count(lines.length - next + 1, 'line')} more: matches there are counted, but not shown …`,
    ]);
  if (lines.length === 0) page.add(['quiet', 'The output is empty.']);
  const last = found.get(lines.length + 1);
  if (!last) return;
  page.add().add(['title', test.endState === null ? 'Afterwards' : `The job ends: ${test.endState}`]);
  entryPrinter.print(last);
}

/** In the order of lines; what is caused by no line goes with its time, behind the last one where that is later. */
function groupByLine(
  { entries, tickMs, outputs }: PatternTest,
  stream: Stream,
  { lineCount, isOnly }: { readonly lineCount: number; readonly isOnly: boolean },
): ReadonlyMap<number, readonly DryRunEntry[]> {
  const groups = new Map<number, DryRunEntry[]>();
  const isFirst = stream === 'stdout' || outputs.stdout === null;
  for (const entry of entries) {
    if (!isOnly && (entry.stream === null ? !isFirst : entry.stream !== stream)) continue;
    const number = entry.line ?? Math.min(Math.floor(entry.timeMs / tickMs), lineCount) + 1;
    groups.set(number, [...(groups.get(number) ?? []), entry]);
  }
  return new Map([...groups].sort(([a], [b]) => a - b));
}

class NumberColumn {
  readonly width: number;

  constructor(lineCount: number) {
    this.width = Math.max(4, String(lineCount).length);
  }

  get blank(): string {
    return `${' '.repeat(this.width)}   `;
  }

  of(mark: number | string): string {
    return `${String(mark).padStart(this.width)} │ `;
  }
}

class LinePrinter {
  constructor(
    private readonly lines: readonly string[],
    private readonly numbers: NumberColumn,
    private readonly page: Page,
  ) {}

  /** The line that entries belong to. */
  printCause(number: number, entries: readonly DryRunEntry[]): void {
    const matching = entries.filter(({ kind }) => kind === 'match');
    if (matching.length > 0)
      this.page.addPlace(
        `line ${number}: ${unique(matching.map(({ watcher }) => watcher)).join(', ')}`,
        toDetail(entries),
      );
    this.print(number, matching.length > 0);
  }

  /** Lines in which nothing was found; a long stretch of a long output is shown by its ends. */
  printStretch(from: number, to: number): void {
    const first = this.page.lineCount;
    const isCut = this.lines.length > allLines && to - from + 1 > 2 * edgeLines + 1;
    const upper = isCut ? from + edgeLines - 1 : to;
    for (let number = from; number <= upper; number++) this.print(number, false);
    if (isCut) {
      const [start, end] = [upper + 1, to - edgeLines];
      this.page.add([
        'quiet',
        `${this.numbers.of('…')}${count(end - start + 1, 'line')} without a match, ${start} to ${end}`,
      ]);
      for (let number = end + 1; number <= to; number++) this.print(number, false);
    }
    this.page.fold(first);
  }

  /** A progress bar's refreshes, which carriage returns separate, one below the other. */
  private print(number: number, isMatched: boolean): void {
    const segments = (this.lines[number - 1] ?? '').split('\r').filter((segment) => segment !== '');
    const [first = '', ...others] = segments.map(toShown);
    const tone = isMatched ? 'match' : undefined;
    this.page.add(['quiet', this.numbers.of(number)], tone ? [tone, first] : first);
    for (const other of others) this.page.add(['quiet', this.numbers.of('↻')], tone ? [tone, other] : other);
  }
}

/** Control characters as their pictures: what patterns see is seen. */
function toShown(text: string): string {
  const shown = text
    .slice(0, longestLine)
    .replace(/[\0-\x08\x0a-\x1f]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
    .replace(/[\x7f-\x9f\u2028\u2029]/g, '␡');
  return text.length > longestLine ? `${shown}… (${text.length} characters)` : shown;
}

function toDetail(entries: readonly DryRunEntry[]): string {
  const actions = entries.flatMap((entry) =>
    entry.kind === 'event' && entry.event.kind === 'action' && entry.event.action !== null
      ? [entry.event.action]
      : [],
  );
  return actions.length === 0 ? '' : `→ ${unique(actions).join(', ')}`;
}

const unique = <Item>(items: readonly Item[]): readonly Item[] => [...new Set(items)];
