// What a person has a watcher do at once: its actions with the last match, or a pass over the output of a finished job.
import { WatchError } from './errors';
import type { Ledger } from './ledger';
import type { Watcher, WatcherId } from './model';
import type { Store } from './ports';
import { groupByFile, readRound, type DueFile, type ReadingPlace } from './reading';
import { step, type Observation } from './step';
import { maxSegment } from './tail';

/** Runs between ticks. The watcher is one of the books. */
export async function triggerByHand(id: WatcherId, place: ReadingPlace): Promise<void> {
  const { ledger } = place;
  const watcher = ledger.watchers.get(id);
  const job = watcher && ledger.jobs.get(watcher.job);
  if (!watcher || !job) return;
  if (watcher.progress.state === 'static' && job.isArray)
    throw new WatchError(
      'bad-request',
      `"${watcher.definition.name}" is the template of an array's watchers.`,
      'Trigger the watcher of a task.',
    );
  if (watcher.progress.state !== 'static') return observe(id, { kind: 'byHand' }, place);
  await observe(id, { kind: 'again' }, place);
  const start = ledger.watchers.get(id);
  if (start) await readAll(groupByFile(job, [start], true), place);
  const { pattern, triggerOnJobEnd } = watcher.definition;
  if (pattern === null || triggerOnJobEnd) await observe(id, { kind: 'byHand' }, place);
}

const observe = (id: WatcherId, observation: Observation, { ledger, now }: ReadingPlace): Promise<void> =>
  ledger.commit((batch) => {
    const subject = batch.subject(id);
    if (subject) batch.apply(subject, ...step(subject, observation, now()));
  });

async function readAll(files: readonly DueFile[], place: ReadingPlace): Promise<void> {
  let left = files;
  while (left.length > 0) {
    const { unfinished, unreadable, absent } = await readRound(left, maxSegment, place);
    const missing = absent.map((file) => ({ file, message: 'it is not there' }));
    const [first] = [...unreadable, ...missing];
    if (first)
      throw new WatchError(
        'not-found',
        `${first.file.path} cannot be read: ${first.message}.`,
        'Nothing more of it was matched.',
      );
    left = refresh(unfinished, place.ledger);
  }
}

const refresh = (files: readonly DueFile[], ledger: Ledger): readonly DueFile[] =>
  files.map((file) => ({
    ...file,
    readers: file.readers.map((reader) => ({
      ...reader,
      watcher: ledger.watchers.get(reader.watcher.id) ?? reader.watcher,
    })),
  }));

/** A watcher of the books, or of history, whose job then joins them until the next tick. */
export async function recallWatcher(
  id: WatcherId,
  ledger: Ledger,
  store: Store,
): Promise<Watcher | undefined> {
  const live = ledger.watchers.get(id);
  if (live) return live;
  const [known] = await store.watchers({ watcher: id });
  if (known) {
    const recalled = await store.recall(known.job);
    ledger.recall(recalled);
    // An archived job is written again: what it does from now on belongs to it.
    await ledger.commit((batch) => {
      for (const job of recalled.jobs) batch.setJob(job);
      for (const watcher of recalled.watchers) batch.addWatcher(watcher);
    });
  }
  return ledger.watchers.get(id);
}
