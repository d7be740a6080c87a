// Finding in an output: the whole of it by the engine, what comes and what is in sight by the worker beside the page.
import type { Stream } from '../../engine/model';
import { TooSlow, type BackgroundWorker } from '../kit/backgroundWorker';
import { Refusal, type ExtensionLink } from '../kit/extensionLink';
import { paint, toRange } from './highlights';
import type { Pane } from './pane';
import type { FindWish, OutputProtocol } from './protocol';
import { toPattern, type FindState } from './state';
import type { FindJob, FindResult } from './worker';

export interface FinderParts {
  readonly extension: ExtensionLink<OutputProtocol>;
  readonly worker: BackgroundWorker<FindJob, FindResult>;
  readonly paneOf: (stream: Stream) => Pane;
  readonly tell: (found: Partial<FindState>) => void;
}

interface Search {
  readonly stream: Stream;
  readonly pattern: string;
  /** Byte offsets of lines that match, rising. */
  matches: number[];
  /** Everything before it was looked at; undefined while that goes on. */
  searchedTo: number | undefined;
}

/** Maximum number of matches. */
const mostMatches = 10_000;
const atOnce = 2000;
/** Wait after the last key, ms. */
const typingPause = 150;
/** Least time between two looks at what has come, ms. */
const newsPause = 500;
const mostNewLines = 5000;

export class Finder {
  #search: Search | undefined;
  #timer: number | undefined;
  #newsTimer: number | undefined;
  /** One job at a time: the worker gives up one for the next. */
  #work: Promise<unknown> = Promise.resolve();
  #isPainting = false;
  #paintsAgain = false;

  constructor(private readonly parts: FinderParts) {}

  /** Begins anew; `from`: a line in sight, at which the first match is looked for. */
  find(stream: Stream, wish: FindWish, from: number): void {
    clearTimeout(this.#timer);
    this.end();
    if (wish.text === '') return;
    const search: Search = { stream, pattern: toPattern(wish), matches: [], searchedTo: undefined };
    this.#search = search;
    this.#timer = setTimeout(() => {
      void this.#run(search, from);
      this.paint();
    }, typingPause);
  }

  end(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#newsTimer);
    const stream = this.#search?.stream;
    this.#search = undefined;
    if (stream) this.parts.paneOf(stream).setMatches([]);
    for (const name of ['output-match', 'output-current-match'] as const) paint(name, this, []);
  }

  /** From the place to the end, then from the beginning to the place. */
  async #run(search: Search, from: number): Promise<void> {
    const { tell } = this.parts;
    try {
      const end = await this.#scan(search, from, Infinity, 0);
      if (end === undefined || this.#search !== search) return;
      await this.#scan(search, 0, from, end - from);
      if (this.#search !== search) return;
      search.searchedTo = end;
      tell({ progress: null });
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      if (this.#search === search) tell({ progress: null, problem: thrown.message });
    }
  }

  /** Gives where it has ended; undefined if nobody wants it any more, or there are too many. */
  async #scan(search: Search, from: number, until: number, passed: number): Promise<number | undefined> {
    const { extension, tell } = this.parts;
    const { stream, pattern } = search;
    let at = from;
    while (at < until) {
      if (from === 0 && until === 0) break;
      const answer = await extension.ask('search', { stream, pattern, from: at, limit: atOnce });
      if (this.#search !== search) return undefined;
      this.#add(
        search,
        answer.matches.map(({ line }) => line).filter((line) => line < until),
      );
      const progress = Math.min(1, (passed + answer.to - from) / Math.max(1, answer.size));
      if (answer.unmatched.length > 0) tell({ isIncomplete: true });
      if (search.matches.length >= mostMatches) {
        tell({ progress: null, hasMore: true });
        return undefined;
      }
      const isOver = answer.isEnd || answer.to <= at;
      at = answer.to;
      if (isOver) break;
      tell({ progress });
    }
    return at;
  }

  #add(search: Search, lines: readonly number[]): void {
    if (lines.length === 0) return;
    const all = new Set([...search.matches, ...lines]);
    search.matches = [...all].sort((one, other) => one - other).slice(0, mostMatches);
    this.parts.paneOf(search.stream).setMatches(search.matches);
    this.parts.tell({ matches: search.matches });
  }

  /** Something was printed. */
  takeNews(stream: Stream): void {
    const search = this.#search;
    if (search?.stream !== stream || search.searchedTo === undefined || this.#newsTimer !== undefined) return;
    this.#newsTimer = setTimeout(() => {
      this.#newsTimer = undefined;
      void this.#searchNews(search);
    }, newsPause);
  }

  async #searchNews(search: Search): Promise<void> {
    const { searchedTo, pattern, stream } = search;
    const { buffer } = this.parts.paneOf(stream);
    const first = searchedTo === undefined ? undefined : buffer.lineAt(searchedTo);
    if (!first || search !== this.#search || search.matches.length >= mostMatches) return;
    const lines = [];
    for (
      let line: typeof first | undefined = first;
      line && line.text.endsWith('\n') && lines.length < mostNewLines;
      line = buffer.lineAfter(line)
    )
      lines.push(line);
    const texts = lines.map(({ text }) => text.replace(/\r?\n$/, ''));
    const result = await this.#runWork({ pattern, texts });
    if (!result || search !== this.#search) return;
    search.searchedTo = lines.at(-1)?.to ?? searchedTo;
    this.#add(
      search,
      lines.filter((_, index) => (result.spans[index]?.length ?? 0) > 0).map(({ from }) => from),
    );
    if (lines.length === mostNewLines) this.takeNews(stream);
  }

  /** Undefined if it took too long. */
  #runWork(job: FindJob): Promise<FindResult | undefined> {
    const work = this.#work.then(() =>
      this.parts.worker.run(job).catch((thrown: unknown) => {
        if (!(thrown instanceof TooSlow)) throw thrown;
        this.parts.tell({ isIncomplete: true });
        return undefined;
      }),
    );
    this.#work = work;
    return work;
  }

  /** Rows were drawn: what matches in them is shown. */
  paint(): void {
    const search = this.#search;
    if (!search) return;
    if (this.#isPainting) {
      this.#paintsAgain = true;
      return;
    }
    this.#isPainting = true;
    void this.#paintRows(search).finally(() => {
      this.#isPainting = false;
      if (!this.#paintsAgain) return;
      this.#paintsAgain = false;
      this.paint();
    });
  }

  async #paintRows(search: Search): Promise<void> {
    const { view, selection } = this.parts.paneOf(search.stream);
    const rows = view.rows.map(({ line, element }) => ({ line, shown: element.querySelector('.shown') }));
    const texts = rows.map(({ shown }) => shown?.textContent ?? '');
    const result = await this.#runWork({ pattern: search.pattern, texts });
    if (!result || this.#search !== search) return;
    if (result.problem !== null) {
      this.parts.tell({ problem: result.problem });
      return;
    }
    const found = rows.flatMap(({ line, shown }, index) =>
      (result.spans[index] ?? []).flatMap(([from, to]) => {
        const range = shown && to > from ? toRange(shown, from, to) : undefined;
        return range ? [{ range, isCurrent: line.from === selection.current }] : [];
      }),
    );
    const toRanges = (isWanted: boolean): readonly Range[] =>
      found.filter(({ isCurrent }) => isCurrent === isWanted).map(({ range }) => range);
    paint('output-match', this, toRanges(false));
    paint('output-current-match', this, toRanges(true));
  }
}
