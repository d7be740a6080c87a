// What is new in one file: cut at whole segments and matched, or left out if engines ended at it.
import type { Attempts } from '../attempts';
import type { Matcher } from '../ports';
import { cutSegments, maxSegment, toMark } from '../tail';
import { countRuns, positionOf, toKey, type DueFile } from './dueFiles';
import { toQuiet, toUnreadable, type Examined, type Findings, type Look, type ReadNow } from './examination';
import { matchReaders, type Stretch } from './matchReaders';

export interface ContentParts {
  readonly matcher: Pick<Matcher, 'match'>;
  readonly attempts: Attempts;
}

export async function examineContent(
  file: DueFile,
  { from, maxBytes }: Look,
  answer: ReadNow,
  { matcher, attempts }: ContentParts,
): Promise<Examined> {
  const end = from + answer.bytes.length;
  const isRest = end >= answer.size;
  const { length, forced } = cutSegments(answer.bytes, !isRest ? 'part' : file.final ? 'final' : 'newest');
  if (length === 0) {
    if (end === attempts.findEnd(toKey(file), from)) {
      attempts.widen(toKey(file), from);
      return { findings: [], more: true };
    }
    if (answer.bytes.length < Math.min(maxBytes, answer.size - from))
      return toUnreadable(file, `it holds ${answer.size} bytes and gives only ${end}`);
    return { findings: toQuiet(file, answer.size), more: !isRest };
  }
  const more = !isRest || forced;
  const stretch = { from, length, answer, matcher, more };
  if (attempts.isDeadly(toKey(file), from)) return { findings: skip(file, stretch), more };
  const findings = await matchReaders(file, stretch);
  const message = `${file.path}: a line longer than ${maxSegment} bytes was cut at byte ${from + length}`;
  // Told once for a line: it may be as long as a disk, or take no room at all.
  const note: Findings =
    forced && !isWithinLine(answer)
      ? file.readers
          .filter((reader) => positionOf(reader) < from + length)
          .map(({ watcher }) => ({ watcher: watcher.id, observation: { kind: 'note', message } }))
      : [];
  return { findings: [...findings, ...note], more };
}

/** What was read begins in the middle of a line. */
function isWithinLine({ before }: ReadNow): boolean {
  const last = before.at(-1);
  return last !== undefined && last !== 10 && last !== 13;
}

/** Engines ended without a word while they worked on it: it is not tried a third time. */
function skip({ job, readers }: DueFile, { from, length, answer }: Stretch): Findings {
  const to = from + length;
  const mark = toMark(answer, { consumed: length, position: to, restarts: countRuns(job) });
  const reason = 'the engine ended or hung twice while it worked on it; later output is matched again';
  return readers.flatMap((reader) => {
    const { watcher, stream } = reader;
    const position = positionOf(reader);
    if (position >= to) return [];
    const gap = { kind: 'gap', stream, from: position, to, resumeAt: to, reason, mark } as const;
    return [{ watcher: watcher.id, observation: gap }];
  });
}
