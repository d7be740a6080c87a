// One output as a person works with it: its lines, read as they are wanted, what comes, the selection, marks and matches.
import type { Stream } from '../../engine/model';
import type { OutputNews } from '../../engine/protocol';
import { Refusal, type ExtensionLink } from '../kit/extensionLink';
import { Arrivals } from './arrivals';
import { OutputBuffer, type Line } from './buffer';
import { handleKeys } from './gridKeys';
import { findRefreshes, foldAfter, toReadText, unfoldStep } from './lineText';
import type { Mark, MenuContext, OfFollow, OutputProtocol } from './protocol';
import { createRow } from './row';
import { RowSelection } from './rowSelection';
import type { Happening } from './state';
import { TextView } from './textView';
import type { Theme } from './theme';

export interface PaneParts {
  readonly stream: Stream;
  readonly extension: ExtensionLink<OutputProtocol>;
  readonly theme: Theme;
  readonly send: (happening: Happening) => void;
  readonly onDrawn: () => void;
}

/** Of one request, in bytes. */
const windowBytes = 128 * 1024;
/** What is selected can be copied up to this many characters. */
const mostCopied = 16 * 1024 * 1024;
/** Lines of a file up to this size are counted when its end is shown first, in bytes. */
const countedBytes = 64 * 1024 * 1024;

export class Pane {
  readonly buffer = new OutputBuffer();
  readonly view: TextView;
  readonly selection: RowSelection;
  readonly #arrivals = new Arrivals();
  /** Characters that are shown of lines that were unfolded, by byte offset. */
  readonly #unfolded = new Map<number, number>();
  readonly #showsOlder = new Set<number>();
  #marks: readonly Mark[] = [];
  #marksOf = new Map<number, Mark[]>();
  #reading: { readonly byte: number } | undefined;
  /** Rises when the file is another: answers of before count no more. */
  #age = 0;
  #isCounting = false;
  /** Where following begins again. */
  #followedTo: number | null = null;
  /** A line that is to be shown once it is here. */
  #wanted: number | undefined;

  constructor(private readonly parts: PaneParts) {
    const { stream } = parts;
    this.view = new TextView({
      buffer: this.buffer,
      label: stream === 'stdout' ? 'Standard output' : 'Standard error',
      createRow: (line) => this.#createRow(line),
      need: (byte) => {
        this.#read(byte);
      },
      onScroll: (isAtEnd) => {
        parts.send({ kind: 'scrolled', stream, isAtEnd });
      },
      onDrawn: () => {
        this.selection.paint();
        parts.onDrawn();
      },
    });
    this.selection = new RowSelection(this.view, this.buffer);
    this.view.grid.addEventListener('click', (event) => {
      if (event.target instanceof Element) this.#press(event.target);
    });
    this.view.grid.addEventListener('focusin', () => {
      parts.send({ kind: 'activate', stream });
    });
    this.view.grid.addEventListener('contextmenu', (event) => {
      this.#offerMenu(event);
    });
    this.view.grid.addEventListener('copy', (event) => {
      event.preventDefault();
      this.copy();
    });
    handleKeys(this.view.grid, {
      ...{ view: this.view, buffer: this.buffer, selection: this.selection },
      press: (line) => {
        const row = this.view.findRow(line);
        const button = row?.querySelector('.event, .fold, .older');
        if (button) this.#press(button);
      },
    });
  }

  /** Begins, or goes on after a lost connection: news come from where they ended. */
  async follow(place: number | null): Promise<void> {
    const { stream, extension, send } = this.parts;
    if (place !== null) {
      this.#wanted = place;
      this.view.scrollTo(place, 'top');
    }
    const age = this.#age;
    try {
      const { from } = await extension.ask('follow', { stream, from: this.#followedTo });
      if (age !== this.#age) return;
      this.#followedTo = from;
      send({ kind: 'followed', stream });
      // What is before it may be all that there is.
      if (from > 0 && this.buffer.size < from) {
        this.buffer.setSize(from);
        this.view.plan();
      }
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      send({ kind: 'refused', stream, trouble: { message: thrown.message, remedy: thrown.remedy } });
    }
  }

  take(news: OfFollow<OutputNews>): void {
    const { stream, send } = this.parts;
    send({ kind: 'news', stream, news });
    switch (news.kind) {
      case 'text': {
        this.#followedTo = news.to;
        this.buffer.append(news, this.view.isAtEnd ? news.to : (this.view.top ?? news.to));
        this.#settleWanted();
        this.#arrivals.add(news.from, news.to, news.time);
        send({ kind: 'arrived', stream, lines: countLines(news.text) });
        this.#grow(news.size);
        break;
      }
      case 'skipped':
        this.#followedTo = news.to;
        send({ kind: 'arrived', stream, lines: 0 });
        this.#grow(news.size);
        break;
      case 'replaced':
        this.#age += 1;
        this.#followedTo = 0;
        this.buffer.clear();
        this.#arrivals.clear();
        this.#unfolded.clear();
        this.#showsOlder.clear();
        this.selection.clear();
        this.view.scrollToEnd();
        break;
      case 'absent':
      case 'trouble':
      case 'ended':
    }
  }

  #grow(size: number): void {
    if (size > this.buffer.size) this.buffer.setSize(size);
    this.view.plan();
    this.#showTicks();
    void this.#countFromStart();
  }

  setMarks(marks: readonly Mark[]): void {
    const changed = new Set([...this.#marks, ...marks].map(({ from }) => from));
    this.#marks = marks;
    this.#marksOf = new Map();
    for (const mark of marks) this.#marksOf.set(mark.from, [...(this.#marksOf.get(mark.from) ?? []), mark]);
    this.view.refresh(this.view.rows.map(({ line }) => line.from).filter((from) => changed.has(from)));
    this.#showTicks();
  }

  /** Matches of the pattern that is looked for, by byte offset of their lines. */
  setMatches(matches: readonly number[]): void {
    this.#matches = matches;
    this.#showTicks();
  }

  #matches: readonly number[] = [];

  #showTicks(): void {
    const { size } = this.buffer;
    if (size === 0) return;
    this.view.showTicks([
      ...this.#matches.map((from) => ({ at: from / size, kind: 'match' as const })),
      ...this.#marks.map(({ from, level }) => ({ at: from / size, kind: level })),
    ]);
  }

  /** All rows anew: the theme or the wrapping is another. */
  refresh(): void {
    this.view.refresh();
  }

  /** Where the page is to begin the next time; null: at the end. */
  get place(): number | null {
    return this.view.isAtEnd ? null : (this.view.top ?? null);
  }

  /** Shows the line that has the byte, which may have to be read first; it becomes the current one. */
  goTo(byte: number): void {
    const line = this.buffer.lineAt(byte);
    this.view.scrollTo(byte);
    if (line) this.selection.setCurrent(line.from);
    else this.#wanted = byte;
  }

  /** Line `number`, from 1 on; the last one if there are fewer. */
  async goToLine(number: number): Promise<void> {
    const known = this.buffer.lineOfNumber(number);
    if (known) {
      this.goTo(known.from);
      return;
    }
    const { stream, extension } = this.parts;
    let at = 0;
    let passed = 0;
    for (;;) {
      const wanted = number - 1 - passed;
      const answer = await extension.ask('countLines', { stream, from: at, to: null, lines: wanted });
      passed += answer.lines;
      at = answer.to;
      if (!answer.isDone) continue;
      const isThere = passed === number - 1 && at < answer.size;
      const byte = isThere ? at : Math.max(0, answer.size - 1);
      this.goTo(byte);
      this.buffer.setNumber(byte, isThere ? number : passed + (at < answer.size ? 0 : 1));
      this.view.plan();
      return;
    }
  }

  /** Numbers of lines are known from the beginning on: those of a file of moderate size are counted. */
  async #countFromStart(): Promise<void> {
    const first = this.buffer.firstLine;
    if (this.#isCounting || !first || first.number !== undefined || this.buffer.size > countedBytes) return;
    this.#isCounting = true;
    const { stream, extension } = this.parts;
    const age = this.#age;
    let at = 0;
    let lines = 0;
    try {
      while (at < first.from) {
        const answer = await extension.ask('countLines', { stream, from: at, to: first.from, lines: null });
        if (age !== this.#age) return;
        lines += answer.lines;
        if (answer.to === at) break;
        at = answer.to;
      }
      if (at !== first.from) return;
      this.buffer.setNumber(first.from, lines + 1);
      this.view.plan();
    } catch (thrown) {
      // Without them numbers are estimates, and reading says what is wrong.
      if (!(thrown instanceof Refusal)) throw thrown;
    } finally {
      this.#isCounting = false;
    }
  }

  /** One request at a time: what is still wanted then is asked for again when rows are drawn. */
  #read(byte: number): void {
    if (this.#reading) return;
    const { stream, extension, send } = this.parts;
    const range = this.#rangeFor(byte);
    this.#reading = { byte };
    const age = this.#age;
    extension.ask('read', { stream, ...range }).then(
      (answer) => {
        this.#reading = undefined;
        if (age !== this.#age) return;
        const { from, to, text, size } = answer;
        if (size < this.buffer.size && to <= from) return;
        this.buffer.add({ from, to, text }, size, byte);
        this.#settleWanted();
        this.#settleTop(byte);
        this.view.plan();
        void this.#countFromStart();
      },
      (thrown: unknown) => {
        this.#reading = undefined;
        if (!(thrown instanceof Refusal)) throw thrown;
        send({ kind: 'refused', stream, trouble: { message: thrown.message, remedy: thrown.remedy } });
      },
    );
  }

  /** Right after or before what is here, else around it. */
  #rangeFor(byte: number): { readonly from: number; readonly maxBytes: number } {
    if (byte > 0 && this.buffer.lineAt(byte - 1)) return { from: byte, maxBytes: windowBytes };
    const from = Math.max(0, byte + 1 - windowBytes);
    if (this.buffer.lineAt(byte + 1)) return { from, maxBytes: byte + 1 - from };
    const start = Math.max(0, Math.min(byte - windowBytes / 2, this.buffer.size - windowBytes));
    return { from: Math.floor(start), maxBytes: windowBytes };
  }

  #settleWanted(): void {
    const line = this.#wanted === undefined ? undefined : this.buffer.lineAt(this.#wanted);
    if (!line) return;
    this.#wanted = undefined;
    this.selection.setCurrent(line.from);
  }

  /** Within a line that is longer than what is read at once, there is no better place than the next line. */
  #settleTop(byte: number): void {
    if (this.view.isAtEnd || this.buffer.lineAt(byte)) return;
    const next = this.buffer.stretches.find(({ from }) => from > byte) ?? this.buffer.stretches.at(-1);
    if (next) this.view.scrollTo(next.from, 'top');
  }

  #createRow(line: Line): HTMLElement {
    const arrived = this.#arrivals.timeOf(line.from);
    const row = createRow({
      id: `${this.parts.stream}-${line.from}`,
      line,
      characters: this.#unfolded.get(line.from) ?? foldAfter,
      showsOlder: this.#showsOlder.has(line.from),
      marks: this.#marksOf.get(line.from) ?? [],
      number: this.#toNumber(line),
      arrived: arrived === undefined ? '' : `Came at ${new Date(arrived).toLocaleTimeString()}`,
      theme: this.parts.theme,
    });
    row.classList.toggle('current', this.selection.current === line.from);
    return row;
  }

  #toNumber({ number, from }: Line): string {
    if (number !== undefined) return String(number);
    const { lineBytes } = this.buffer;
    return lineBytes === undefined ? '' : `≈ ${Math.round(from / lineBytes) + 1}`;
  }

  /** A button of a row. */
  #press(target: Element): void {
    const button = target.closest<HTMLElement>('button');
    const line = button && this.view.lineOf(button);
    if (!button || !line) return;
    const { event } = button.dataset;
    if (event !== undefined) this.#do(this.parts.extension.ask('showEvent', { event: Number(event) }));
    else if (button.classList.contains('fold'))
      this.#unfolded.set(line.from, (this.#unfolded.get(line.from) ?? foldAfter) + unfoldStep);
    else if (!this.#showsOlder.delete(line.from)) this.#showsOlder.add(line.from);
    this.view.refresh([line.from]);
  }

  /** VS Code reads what its menu is about from the element that it is opened on. */
  #offerMenu(event: MouseEvent): void {
    const isByKey = event.clientX === 0 && event.clientY === 0;
    const target = event.target instanceof Element ? event.target : this.view.grid;
    const line =
      (isByKey ? undefined : this.view.lineOf(target)) ??
      this.buffer.lineAt(this.selection.current ?? this.view.firstVisible?.from ?? 0);
    if (!line) return;
    this.selection.setCurrent(line.from);
    const context: MenuContext = {
      ...this.parts.extension.context,
      ...{ stream: this.parts.stream, line: line.from, text: toMatched(line), above: this.#listAbove(line) },
      selection: this.selection.textHere(mostInMenu),
    };
    this.view.grid.dataset['vscodeContext'] = JSON.stringify({
      webviewSection: 'line',
      preventDefaultContextMenuItems: true,
      hasSelection: context.selection !== '',
      ...context,
    });
  }

  #listAbove(line: Line): readonly string[] {
    const above: string[] = [];
    for (
      let before = this.buffer.lineBefore(line);
      before && above.length < linesAbove;
      before = this.buffer.lineBefore(before)
    )
      above.unshift(toMatched(before));
    return above;
  }

  /** The selection, else the current line. */
  copy(): void {
    const { extension } = this.parts;
    const text = this.selection.textHere(mostCopied);
    const wanted = this.selection.extent;
    if (text !== '' || !wanted) {
      const current = this.buffer.lineAt(this.selection.current ?? -1);
      const copied = text !== '' ? text : current ? toReadText(current.text) : '';
      if (copied !== '') this.#do(extension.ask('copy', { text: copied }));
      return;
    }
    this.#do(this.#copyRead(wanted.from.line, Math.min(wanted.to.line, this.buffer.size)));
  }

  async #copyRead(from: number, to: number): Promise<void> {
    const { extension, send } = this.parts;
    const text = await this.#readSelected(from, to);
    if (text === undefined)
      send({ kind: 'say', text: 'This is too much to copy. Open the output as a text file instead.' });
    else await extension.ask('copy', { text });
  }

  /** A refusal is said; everything else is an error of ours. */
  #do(deed: Promise<unknown>): void {
    deed.catch((thrown: unknown) => {
      if (!(thrown instanceof Refusal)) throw thrown;
      this.parts.send({ kind: 'say', text: `${thrown.message} ${thrown.remedy}` });
    });
  }

  /** Whole lines that are not all here; undefined if it is too much. */
  async #readSelected(from: number, to: number): Promise<string | undefined> {
    if (to - from > mostCopied) return undefined;
    const { stream, extension } = this.parts;
    const read = new OutputBuffer({ block: windowBytes, all: Infinity });
    for (let at = from; at < to;) {
      const answer = await extension.ask('read', { stream, from: at, maxBytes: windowBytes });
      if (answer.to <= at) break;
      read.append(answer, at);
      at = answer.to;
    }
    const lines: string[] = [];
    for (let line = read.firstLine; line && line.from <= to; line = read.lineAfter(line))
      lines.push(toReadText(line.text));
    return lines.join('\n');
  }
}

/** Characters of a selection that a menu is told. */
const mostInMenu = 100_000;
/** Lines before its own that a menu is told: a table may have its names there. */
const linesAbove = 5;

const toMatched = ({ text }: Line): string => findRefreshes(text).last.slice(0, foldAfter);

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
