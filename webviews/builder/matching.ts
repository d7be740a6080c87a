// Has the sample matched beside the page: what is in sight first, then the rest piece by piece; a pattern that takes too long is stopped.
import { TooSlow } from '../kit/backgroundWorker';
import type { SampleStream } from './protocol';
import { noFindings, type Findings, type SampleLines } from './state';
import type { MatchAnswer, MatchJob, MatchPlace, MatchRow } from './work/matchWork';

/** What is matched. */
export interface MatchOrder {
  readonly pattern: string;
  readonly names: readonly string[];
  readonly condition: string;
  readonly sample: SampleLines | null;
  readonly stream: SampleStream;
}

export interface Matching {
  /** Begins anew; what was under way is given up after its piece. */
  readonly start: (order: MatchOrder) => void;
  /** What is in sight has changed: lines from `first` on, before `end`. */
  readonly look: (first: number, end: number) => void;
  /** Undefined if it is not known yet. */
  readonly placesOf: (line: number) => readonly MatchPlace[] | undefined;
}

interface MatchingParts {
  /** Rejects with TooSlow. */
  readonly run: (job: MatchJob) => Promise<MatchAnswer>;
  /** After lines in sight were matched. */
  readonly onPlaces: () => void;
  readonly onFindings: (findings: Findings) => void;
}

/** Lines of one piece: some milliseconds, after which what has changed is heeded. */
const pieceLines = 4000;
/** The captured values that are shown. */
const mostRows = 50;

export function createMatching({ run, onPlaces, onFindings }: MatchingParts): Matching {
  let order: MatchOrder | undefined;
  let sight: { readonly first: number; readonly end: number } | undefined;
  let places = new Map<number, readonly MatchPlace[]>();
  let findings: Findings = noFindings;
  let isBusy = false;

  const linesOf = ({ sample }: MatchOrder, stream: SampleStream): readonly string[] => sample?.[stream] ?? [];
  const toJob = (
    wanted: MatchOrder,
    lines: readonly string[],
    more: Pick<MatchJob, 'rows' | 'wantsPlaces'>,
  ): MatchJob => ({
    pattern: wanted.pattern,
    names: wanted.names,
    condition: wanted.condition,
    lines: lines.join('\n'),
    ...more,
  });

  /** The lines in sight whose places are not known; undefined if there are none. */
  const findUnseen = (wanted: MatchOrder): { first: number; end: number } | undefined => {
    if (!sight) return undefined;
    const end = Math.min(sight.end, linesOf(wanted, wanted.stream).length);
    let first = sight.first;
    while (first < end && places.has(first)) first += 1;
    return first < end ? { first, end } : undefined;
  };
  const seeLines = async (
    wanted: MatchOrder,
    { first, end }: { first: number; end: number },
  ): Promise<void> => {
    const lines = linesOf(wanted, wanted.stream).slice(first, end);
    const answer = await run(toJob(wanted, lines, { rows: 0, wantsPlaces: true }));
    if (wanted !== order) return;
    for (let line = first; line < end; line++) places.set(line, []);
    for (const place of answer.places) {
      const line = first + place.line;
      places.set(line, [...(places.get(line) ?? []), place]);
    }
    onPlaces();
  };
  const countPiece = async (wanted: MatchOrder, stream: SampleStream): Promise<void> => {
    const before = findings[stream];
    const lines = linesOf(wanted, stream).slice(before.looked, before.looked + pieceLines);
    const isShown = stream === wanted.stream;
    const rows = isShown ? Math.max(0, mostRows - findings.rows.length) : 0;
    const answer = await run(toJob(wanted, lines, { rows, wantsPlaces: false }));
    if (wanted !== order) return;
    const moved = (row: MatchRow): MatchRow => ({ ...row, line: row.line + before.looked });
    findings = {
      ...findings,
      [stream]: {
        matches: before.matches + answer.matches,
        lines: [...before.lines, ...answer.lines.map((line) => line + before.looked)],
        looked: before.looked + lines.length,
      },
      rows: isShown ? [...findings.rows, ...answer.rows.map(moved)] : findings.rows,
    };
    onFindings(findings);
  };
  const findUncounted = (wanted: MatchOrder): SampleStream | undefined =>
    ([wanted.stream, 'stdout', 'stderr'] as const).find(
      (stream) => findings[stream].looked < linesOf(wanted, stream).length,
    );

  const step = async (wanted: MatchOrder): Promise<boolean> => {
    if (wanted.pattern === '' || findings.isStopped) return false;
    const unseen = findUnseen(wanted);
    const stream = unseen ? undefined : findUncounted(wanted);
    if (unseen) await seeLines(wanted, unseen);
    else if (stream) await countPiece(wanted, stream);
    return unseen !== undefined || stream !== undefined;
  };
  const stop = (wanted: MatchOrder): void => {
    if (wanted !== order) return;
    findings = { ...findings, isStopped: true };
    onFindings(findings);
  };
  const work = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      for (let wanted = order, isMore = true; wanted && isMore; wanted = order)
        isMore = await step(wanted).catch((thrown: unknown) => {
          if (!(thrown instanceof TooSlow)) throw thrown;
          stop(wanted);
          return true;
        });
    } finally {
      isBusy = false;
    }
  };

  return {
    start: (next) => {
      order = next;
      places = new Map();
      findings = noFindings;
      if (next.pattern === '') onFindings(findings);
      onPlaces();
      void work();
    },
    look: (first, end) => {
      sight = { first, end };
      void work();
    },
    placesOf: (line) => places.get(line),
  };
}
