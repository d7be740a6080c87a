// Runs what waits in the outbox: each entry's first action, its outcome through the step, then what follows.
import { findRuntime } from './actions/runtimes';
import { toWatchError } from './errors';
import type { Ledger } from './ledger';
import type { OutboxEntry, Time } from './model';
import type { Cluster } from './ports';
import { step } from './step';

export interface OutboxPlace {
  readonly ledger: Ledger;
  readonly cluster: Cluster;
  readonly now: () => Time;
}

/** Runs the entries of this cluster's jobs until none is due. */
export async function runOutbox(place: OutboxPlace): Promise<void> {
  for (;;) {
    const entry = [...place.ledger.outbox.values()].find((candidate) => isDue(candidate, place));
    if (!entry) return;
    await runEntry(entry, place);
  }
}

function isDue({ job, notBefore }: OutboxEntry, { ledger, cluster, now }: OutboxPlace): boolean {
  return ledger.jobs.get(job)?.cluster === cluster.name && notBefore <= now();
}

async function runEntry(entry: OutboxEntry, place: OutboxPlace): Promise<void> {
  const { ledger, now } = place;
  const [action] = entry.actions;
  const runtime = action && findRuntime(action.type);
  // An action that must not run twice is marked before it runs; what a crash left marked is unknown.
  if (runtime?.kind === 'remote' && !runtime.idempotent && !entry.started) {
    await ledger.commit((batch) => {
      batch.setOutbox({ ...entry, started: true, attempts: entry.attempts + 1 });
    });
  }
  const outcome = await perform(entry, place);
  await ledger.commit((batch) => {
    const subject = batch.subject(entry.watcherId);
    if (!subject) return;
    const [progress, effects] = step(subject, { kind: 'outcome', entry, ...outcome }, now());
    batch.apply(subject, progress, effects);
    if (action?.type === 'cancel_job' && outcome.success) {
      const { reason } = action.params;
      batch.setJob({
        ...subject.job,
        cancelledBy: {
          watcher: subject.watcher.definition.name,
          reason: typeof reason === 'string' ? reason : null,
        },
      });
    }
  });
}

async function perform(
  entry: OutboxEntry,
  { ledger, cluster }: OutboxPlace,
): Promise<{ readonly success: boolean; readonly result: string }> {
  const [action] = entry.actions;
  const runtime = action && findRuntime(action.type);
  const job = ledger.jobs.get(entry.job);
  if (!action || runtime?.kind !== 'remote' || !job)
    return { success: false, result: 'This version cannot run the action.' };
  if (entry.started && !runtime.idempotent)
    return {
      success: false,
      result: 'It was started before the engine was interrupted; its outcome is unknown.',
    };
  try {
    return { success: true, result: await runtime.run(action.params, { job, cluster }) };
  } catch (error) {
    const { message, remedy } = toWatchError(error);
    return { success: false, result: `${message} ${remedy}` };
  }
}
