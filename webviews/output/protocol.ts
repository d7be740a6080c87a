// What the page of a job's output and the extension say to each other.
import type { Stream, Time } from '../../engine/model';
import type {
  CountLinesRequest,
  Followed,
  LineCount,
  OutputNews,
  OutputText,
  SearchAnswer,
  SearchRequest,
} from '../../engine/protocol';
import { number, oneOf, orNull, positive, text, whole } from '../../engine/shapes';
import type { Level } from '../../engine/words';
import type { AskTable } from '../protocol';

/** The job whose output it is. */
export interface OutputContext {
  readonly cluster: string;
  /** Its key if the engine knows it, else as the scheduler names it. */
  readonly job: string;
  /** For the tab: `ft-bert · job 9`. */
  readonly title: string;
}

export type ShownStreams = Stream | 'both';

export interface FindWish {
  readonly text: string;
  readonly isRegex: boolean;
  readonly heedsCase: boolean;
}

export interface KeptOutput {
  readonly shown: ShownStreams;
  /** Byte offset of the first line in sight; null: at the end, following. */
  readonly places: Readonly<Record<Stream, number | null>>;
  readonly find: FindWish;
  readonly findIsOpen: boolean;
  readonly wraps: boolean;
}

/** What the page says of the job. */
export interface ShownJob {
  readonly name: string;
  /** Empty while it has none. */
  readonly id: string;
  readonly cluster: string;
  /** In words. */
  readonly state: string;
  readonly look: 'waiting' | 'running' | 'suspended' | 'completed' | 'cancelled' | 'failed';
  readonly started: Time | null;
  readonly ended: Time | null;
  readonly limitSeconds: number | null;
  readonly canCancel: boolean;
  /** Absolute paths; null while unknown. Equal paths are one file. */
  readonly outputs: Readonly<Record<Stream, string | null>>;
}

/** Where one of the job's watchers has matched, and what came of it. */
export interface Mark {
  /** Of the event to be shown. */
  readonly event: number;
  readonly stream: Stream;
  /** Byte offset of the line that matched. */
  readonly from: number;
  readonly level: Level;
  readonly watcher: string;
  /** What it did, one line each. */
  readonly results: readonly string[];
}

/** Byte offset of a line that is to be shown. */
export interface Place {
  readonly stream: Stream;
  readonly from: number;
}

export interface Opened {
  /** Null if neither engine nor cluster knows it. */
  readonly job: ShownJob | null;
  readonly marks: readonly Mark[];
  /** Where to go, if something was chosen before the page was there. */
  readonly place: Place | null;
}

type OfStream<Request> = Omit<Request, 'cluster' | 'job'>;
export type OfFollow<News> = News extends unknown ? Omit<News, 'follow'> : never;

export interface ReadRequest {
  readonly stream: Stream;
  readonly from: number;
  readonly maxBytes: number;
}

export interface OutputProtocol {
  readonly context: OutputContext;
  readonly state: KeptOutput;
  readonly asks: {
    /** Comes first: from then on the page is told news. */
    open: [Record<string, never>, Opened];
    /** News of the stream begin; null: at its end. */
    follow: [{ readonly stream: Stream; readonly from: number | null }, Followed];
    unfollow: [{ readonly stream: Stream }, null];
    read: [ReadRequest, OutputText];
    search: [OfStream<SearchRequest>, SearchAnswer];
    countLines: [OfStream<CountLinesRequest>, LineCount];
    cancelJob: [Record<string, never>, null];
    showEvent: [{ readonly event: number }, null];
    copy: [{ readonly text: string }, null];
    openAsText: [{ readonly stream: Stream }, null];
  };
  readonly news: {
    job: ShownJob;
    marks: readonly Mark[];
    output: { readonly stream: Stream; readonly news: OfFollow<OutputNews> };
    /** The engine is there again, perhaps another one: what was followed is not any more. */
    connected: null;
    lost: { readonly message: string; readonly remedy: string };
    goTo: Place;
    /** A menu wants the selection in the clipboard. */
    copySelection: null;
  };
}

const stream = { stream: oneOf('stdout', 'stderr') };

export const outputAsks: AskTable<OutputProtocol> = {
  open: {},
  follow: { ...stream, from: orNull(whole) },
  unfollow: stream,
  read: { ...stream, from: whole, maxBytes: positive },
  search: { ...stream, pattern: text, from: whole, limit: positive },
  countLines: { ...stream, from: whole, to: orNull(whole), lines: orNull(whole) },
  cancelJob: {},
  showEvent: { event: number },
  copy: { text },
  openAsText: stream,
};

/** What a context menu was opened on: VS Code hands it to the command. */
export interface MenuContext extends OutputContext {
  readonly stream: Stream;
  /** The last refresh of the line, as it was printed: that is what watchers match. */
  readonly text: string;
  /** Likewise of some lines before it, the nearest one last. */
  readonly above: readonly string[];
  /** Its byte offset. */
  readonly line: number;
  /** Empty if nothing is selected. */
  readonly selection: string;
}
