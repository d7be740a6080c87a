// What one file's answer means: whose it is, whether it is the same file still, and what is new in it.
import type { ReadAnswer } from '../ports';
import { positionOf, type DueFile } from './dueFiles';
import { toQuiet, toUnreadable, type Examined, type Look, type ReadNow } from './examination';
import { examineChanged, findChange } from './examineChange';
import { examineContent, type ContentParts } from './examineContent';
import { closeFile, closing, examineUndecided, findEndOfOwn } from './examineOwn';
import { ownFileOf, withOwnFile } from './ownBytes';

/** Changes nothing: what is known since is in what it gives. */
export async function examine(
  file: DueFile,
  look: Look,
  answer: ReadAnswer,
  parts: ContentParts,
): Promise<Examined> {
  const { job, path } = file;
  const isUndecided = ownFileOf(job, path).from === null;
  if (answer.kind !== 'read') {
    const examined = examineUnread(file, answer);
    // The job makes it when it begins to write.
    if (!isUndecided || answer.kind === 'failed') return examined;
    return { ...examined, change: { apply: (known) => withOwnFile(known, path, { from: 0 }), told: [] } };
  }
  if (isUndecided) return examineUndecided(file, look, answer);
  const end = job.phase === 'draining' ? findEndOfOwn(file, look.rivals) : undefined;
  if (end?.at === 'now' || (typeof end?.at === 'number' && end.at <= look.from))
    return closeFile(file, end.why);
  const changed = file.readers.flatMap((reader) => findChange(file, { reader, from: look.from, answer }));
  if (changed.length > 0) return examineChanged(file, { changed, look, answer, isRival: end !== undefined });
  if (typeof end?.at !== 'number') {
    const examined = await examineContent(file, look, answer, parts);
    if (end?.at !== 'end' || examined.more || examined.unreadable) return examined;
    return { ...examined, ...closing(file, end.why) };
  }
  // What stands before the other job's first byte is this job's, and whole.
  const bytes = answer.bytes.subarray(0, end.at - look.from);
  const rest = { ...answer, size: Math.min(answer.size, end.at), bytes };
  const examined = await examineContent({ ...file, final: true }, look, rest, parts);
  return examined.unreadable ? examined : { ...examined, more: true };
}

/** An output that does not exist yet is as quiet as one that has nothing new; one that was there is missed. */
function examineUnread(file: DueFile, answer: Exclude<ReadAnswer, ReadNow>): Examined {
  const wasThere = file.readers.some((reader) => positionOf(reader) > 0);
  if (answer.kind === 'missing' && !wasThere)
    return { findings: toQuiet(file, null), more: false, absent: true };
  // Of a job that has ended nobody will bring it back.
  return answer.kind === 'missing'
    ? toUnreadable(file, 'it is gone', true)
    : toUnreadable(file, answer.message, answer.isLasting);
}
