// Whether one file is still the one that was read before, and what follows if it was cut or replaced.
import type { FileMark, Job } from '../model';
import type { Observation } from '../step';
import { findReplacement } from '../tail';
import { countRuns, isRestarted, positionOf, type DueFile, type Reader } from './dueFiles';
import type { Examined, Findings, Look, ReadNow } from './examination';
import { closeFile } from './examineOwn';
import { opensByAppending, ownFileOf, withOwnFile } from './ownBytes';

/** Clocks of file servers and controllers may differ by this much, ms. */
const skewMs = 5000;

/** A file that has changed is followed while the job lives; after its end it is somebody else's. */
export function examineChanged(
  file: DueFile,
  {
    changed,
    look,
    answer,
    isRival,
  }: {
    readonly changed: Findings;
    readonly look: Look;
    readonly answer: ReadNow;
    readonly isRival: boolean;
  },
): Examined {
  const { job, path, readers } = file;
  if (!look.isConfirmed) return { findings: [], more: false, isUnconfirmed: true };
  const isAgain = readers.some((reader) => isRestarted(job, reader));
  const isByItself =
    !isRival && answer.modified !== null && job.ended !== null && answer.modified <= job.ended + skewMs;
  if (job.phase === 'draining' && !isAgain && !isByItself)
    return closeFile(file, 'it was cut or replaced after the job had ended');
  const isAnew = changed.some(({ observation }) => observation.kind === 'gap' && observation.resumeAt === 0);
  const change = { apply: (known: Job) => withOwnFile(known, path, { from: 0 }), told: [] };
  return { findings: changed, more: true, ...(isAnew ? { change } : {}) };
}

/** If the file is another one now, watching goes on at its start. */
export function findChange(
  { job, path }: DueFile,
  { reader, from, answer }: { readonly reader: Reader; readonly from: number; readonly answer: ReadNow },
): Findings {
  const { watcher, stream } = reader;
  const position = positionOf(reader);
  const mark = watcher.progress.mark[stream] ?? findFirstMark(job, path, position);
  // An answer without the file's first bytes only says that nothing has changed.
  if (answer.size >= position && answer.head.length === 0 && answer.bytes.length === 0) return [];
  const toGap = (gap: Pick<Gap, 'from' | 'to' | 'resumeAt' | 'reason' | 'mark'>): Findings => [
    { watcher: watcher.id, observation: { kind: 'gap', stream, ...gap } },
  ];
  const reason = findReplacement(mark, { from, position }, answer);
  const restarted = isRestarted(job, reader);
  if (reason !== undefined)
    return toGap({
      from: position,
      to: null,
      resumeAt: 0,
      reason: restarted ? 'the job was started again, and its output begins anew' : reason,
      mark: null,
    });
  if (mark === null || !restarted || position === 0 || answer.size === position || opensByAppending(job))
    return [];
  // It looks as if it went on. A second run that prints what the first one printed looks the same.
  return toGap({
    from: 0,
    to: position,
    resumeAt: position,
    reason:
      'the job was started again; if its output began anew, its first bytes are those that the run before printed',
    mark: { ...mark, restarts: countRuns(job) },
  });
}

type Gap = Extract<Observation, { kind: 'gap' }>;

/** A watcher that begins where a file ended before knows what stood there. */
function findFirstMark(job: Job, path: string, position: number): FileMark | null {
  const { from, before } = ownFileOf(job, path);
  const isThere = typeof before === 'object' && from === position && before.size === position;
  return isThere ? { ...before.mark, restarts: countRuns(job) } : null;
}
