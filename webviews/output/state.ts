// What the page of a job's output shows beside the lines themselves, and what changes it.
import type { Stream } from '../../engine/model';
import type { OutputNews } from '../../engine/protocol';
import { count } from '../../engine/words';
import type { FindWish, KeptOutput, OfFollow, Opened, ShownJob, ShownStreams } from './protocol';

export interface Trouble {
  readonly message: string;
  /** What the person can do about it. */
  readonly remedy: string;
}

/**
 * opening: nobody has answered yet; live: what is printed comes; ended: nothing more will come; absent: there is no file yet;
 * refused: it cannot be followed, `trouble` says why.
 */
export type StreamPhase = 'opening' | 'live' | 'ended' | 'absent' | 'refused';

export interface StreamState {
  readonly phase: StreamPhase;
  readonly trouble: Trouble | null;
  /** The file was cut or replaced: why, until the person has seen it. */
  readonly replaced: string | null;
  readonly isFollowing: boolean;
  /** Lines that have come since the person has scrolled up. */
  readonly newLines: number;
  readonly isEmpty: boolean;
}

export interface FindState extends FindWish {
  readonly isOpen: boolean;
  /** Of the pattern; empty if it can be used. */
  readonly problem: string;
  /** Byte offsets of lines, in their order. */
  readonly matches: readonly number[];
  /** Which of them is looked at; -1: none yet. */
  readonly current: number;
  /** How much of the output was looked at, 0 to 1; null: nobody looks for anything. */
  readonly progress: number | null;
  /** There are more than are listed. */
  readonly hasMore: boolean;
  /** Part of the output on which the pattern took too long. */
  readonly isIncomplete: boolean;
}

export interface State {
  readonly job: ShownJob | null;
  /** Whether the extension has answered. */
  readonly isOpened: boolean;
  readonly lost: Trouble | null;
  readonly shown: ShownStreams;
  /** The one that finding and going to a line are about. */
  readonly active: Stream;
  readonly streams: Readonly<Record<Stream, StreamState>>;
  readonly find: FindState;
  readonly goToIsOpen: boolean;
  readonly wraps: boolean;
  /** Said once by screen readers, and shown where nothing else says it. */
  readonly said: string;
  /** Since 1970, ms: what runs is shown with the time that it has taken so far. */
  readonly now: number;
}

export type Happening =
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'job'; readonly job: ShownJob }
  | { readonly kind: 'lost'; readonly trouble: Trouble }
  | { readonly kind: 'connected' }
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'followed'; readonly stream: Stream }
  | { readonly kind: 'refused'; readonly stream: Stream; readonly trouble: Trouble }
  | { readonly kind: 'news'; readonly stream: Stream; readonly news: OfFollow<OutputNews> }
  | { readonly kind: 'arrived'; readonly stream: Stream; readonly lines: number }
  | { readonly kind: 'scrolled'; readonly stream: Stream; readonly isAtEnd: boolean }
  | { readonly kind: 'seen'; readonly stream: Stream }
  | { readonly kind: 'show'; readonly shown: ShownStreams }
  | { readonly kind: 'activate'; readonly stream: Stream }
  | { readonly kind: 'wrap' }
  | { readonly kind: 'openFind'; readonly text?: string }
  | { readonly kind: 'closeFind' }
  | { readonly kind: 'wish'; readonly wish: Partial<FindWish> }
  | { readonly kind: 'found'; readonly found: Partial<FindState> }
  | { readonly kind: 'goTo'; readonly isOpen: boolean }
  | { readonly kind: 'say'; readonly text: string };

const freshStream: StreamState = {
  phase: 'opening',
  trouble: null,
  replaced: null,
  isFollowing: true,
  newLines: 0,
  isEmpty: true,
};

const nothingFound = {
  problem: '',
  matches: [],
  current: -1,
  progress: null,
  hasMore: false,
  isIncomplete: false,
};

export function createState(kept: KeptOutput | undefined, now: number): State {
  const streamOf = (stream: Stream): StreamState => ({
    ...freshStream,
    isFollowing: (kept?.places[stream] ?? null) === null,
  });
  const shown = kept?.shown ?? 'stdout';
  return {
    ...{ job: null, isOpened: false, lost: null, goToIsOpen: false, said: '', now },
    shown,
    active: shown === 'stderr' ? 'stderr' : 'stdout',
    streams: { stdout: streamOf('stdout'), stderr: streamOf('stderr') },
    find: {
      ...(kept?.find ?? { text: '', isRegex: false, heedsCase: false }),
      ...nothingFound,
      isOpen: kept?.findIsOpen ?? false,
    },
    wraps: kept?.wraps ?? false,
  };
}

/** Streams that are files of their own. */
export function listStreams(job: ShownJob | null): readonly Stream[] {
  const { stdout = null, stderr = null } = job?.outputs ?? {};
  return stderr === null || stderr === stdout ? ['stdout'] : ['stdout', 'stderr'];
}

/** Those that are in sight. */
export function listShown({ job, shown }: Pick<State, 'job' | 'shown'>): readonly Stream[] {
  const streams = listStreams(job);
  if (streams.length === 1) return streams;
  return shown === 'both' ? streams : [shown];
}

export function update(state: State, happening: Happening): State {
  switch (happening.kind) {
    case 'opened':
      return { ...state, job: happening.opened.job, isOpened: true, lost: null };
    case 'job':
      return { ...state, job: happening.job };
    case 'lost':
      return { ...state, lost: happening.trouble };
    case 'connected':
      return { ...state, lost: null };
    case 'tick':
      return isRunning(state.job) ? { ...state, now: happening.now } : state;
    case 'show':
      return {
        ...state,
        shown: happening.shown,
        active: happening.shown === 'both' ? state.active : happening.shown,
        find: { ...state.find, ...nothingFound },
      };
    case 'activate':
      return state.active === happening.stream
        ? state
        : { ...state, active: happening.stream, find: { ...state.find, ...nothingFound } };
    case 'wrap':
      return { ...state, wraps: !state.wraps };
    case 'openFind':
      return {
        ...state,
        goToIsOpen: false,
        find: {
          ...state.find,
          isOpen: true,
          ...(happening.text === undefined ? {} : { text: happening.text, ...nothingFound }),
        },
      };
    case 'closeFind':
      return { ...state, find: { ...state.find, ...nothingFound, isOpen: false } };
    case 'wish':
      return { ...state, find: { ...state.find, ...nothingFound, ...happening.wish } };
    case 'found':
      return { ...state, find: { ...state.find, ...happening.found } };
    case 'goTo':
      return { ...state, goToIsOpen: happening.isOpen };
    case 'say':
      return { ...state, said: happening.text };
    default:
      return updateStream(state, happening);
  }
}

type OfStream = Extract<Happening, { readonly stream: Stream }>;

function updateStream(state: State, happening: Exclude<OfStream, { readonly kind: 'activate' }>): State {
  const { stream } = happening;
  const known = state.streams[stream];
  const next = stepStream(known, happening);
  return next === known ? state : { ...state, streams: { ...state.streams, [stream]: next } };
}

function stepStream(
  known: StreamState,
  happening: Exclude<OfStream, { readonly kind: 'activate' }>,
): StreamState {
  switch (happening.kind) {
    case 'followed':
      // News may come before the answer.
      return known.phase === 'opening' || known.phase === 'refused'
        ? { ...known, phase: 'live', trouble: null }
        : known;
    case 'refused':
      return { ...known, phase: 'refused', trouble: happening.trouble };
    case 'arrived':
      return {
        ...known,
        phase: known.phase === 'absent' ? 'live' : known.phase,
        trouble: null,
        isEmpty: false,
        newLines: known.isFollowing ? 0 : known.newLines + happening.lines,
      };
    case 'scrolled':
      return known.isFollowing === happening.isAtEnd
        ? known
        : { ...known, isFollowing: happening.isAtEnd, newLines: 0 };
    case 'seen':
      return { ...known, replaced: null };
    case 'news':
      return stepNews(known, happening.news);
  }
}

function stepNews(known: StreamState, news: OfFollow<OutputNews>): StreamState {
  switch (news.kind) {
    case 'text':
    case 'skipped':
      return known;
    case 'absent':
      return { ...known, phase: 'absent' };
    case 'trouble':
      return { ...known, trouble: { message: news.message, remedy: 'It is tried again by itself.' } };
    case 'replaced':
      return { ...known, replaced: news.reason, newLines: 0, isEmpty: true, isFollowing: true };
    case 'ended':
      return { ...known, phase: 'ended' };
  }
}

const isRunning = (job: ShownJob | null): boolean =>
  job !== null && job.started !== null && job.ended === null;

/** What is kept while the page is hidden, and over a reload. */
export const toKept = (
  { shown, find, wraps }: State,
  places: Readonly<Record<Stream, number | null>>,
): KeptOutput => ({
  shown,
  places,
  find: { text: find.text, isRegex: find.isRegex, heedsCase: find.heedsCase },
  findIsOpen: find.isOpen,
  wraps,
});

/** `3 of 128`, `No results`, `128 lines, 35 % searched`; empty if nothing is looked for. */
export function describeFound({
  text,
  problem,
  matches,
  current,
  progress,
  hasMore,
  isIncomplete,
}: FindState): string {
  if (text === '' || problem !== '') return problem;
  const all = `${matches.length.toLocaleString('en')}${hasMore ? '+' : ''}`;
  const searching = progress === null ? '' : `, ${Math.floor(progress * 100)} % searched`;
  const incomplete = isIncomplete ? ', too slow for some lines' : '';
  if (matches.length === 0) return progress === null ? `No results${incomplete}` : `Searching${searching}`;
  const found =
    current === -1 ? count(matches.length, 'line').replace(/^\d+/, all) : `${current + 1} of ${all}`;
  return found + searching + incomplete;
}

/** The pattern of a search as watchers have it. */
export function toPattern({ text, isRegex, heedsCase }: FindWish): string {
  const pattern = isRegex ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  if (heedsCase) return pattern;
  const flags = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  return flags
    ? `(?i${flags[1]?.replace('i', '') ?? ''})${pattern.slice(flags[0].length)}`
    : `(?i)${pattern}`;
}
