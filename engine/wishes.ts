// What people ask of watchers that there are: to pause, to go on, to be armed again, to act now, to be gone.
import type { Attempts } from './attempts';
import { recallWatcher, triggerByHand } from './byHand';
import type { ClusterLoops } from './clusterLoops';
import { WatchError } from './errors';
import type { Ledger } from './ledger';
import { findMove, type Move } from './lifecycle';
import type { ClusterLoop } from './loop';
import type { Watcher, WatcherId } from './model';
import type { Clock, Matcher, Store } from './ports';
import { findResumePlaces } from './resume';
import { step, type Observation } from './step';

export interface WishPlace {
  readonly ledger: Ledger;
  readonly loops: ClusterLoops;
  readonly store: Store;
  readonly matcher: Matcher;
  readonly attempts: Attempts;
  readonly clock: Clock;
}

export interface Wishes {
  pause(watchers: readonly WatcherId[]): Promise<readonly Watcher[]>;
  /** `match`: what was printed meanwhile is matched; `skip`: it becomes a gap. */
  resume(watchers: readonly WatcherId[], missed: 'skip' | 'match'): Promise<readonly Watcher[]>;
  /** Triggered and disabled watchers watch again while their job lives. */
  rearm(watchers: readonly WatcherId[], missed: 'skip' | 'match'): Promise<readonly Watcher[]>;
  /** Their actions run now; static ones go through the whole output. */
  trigger(watchers: readonly WatcherId[]): Promise<readonly Watcher[]>;
  remove(watchers: readonly WatcherId[]): Promise<void>;
}

type Wish = Extract<Move, 'pause' | 'resume' | 'rearm'>;

export function createWishes({ ledger, loops, store, matcher, clock, attempts }: WishPlace): Wishes {
  const now = (): number => clock.now();
  const current = (watchers: readonly WatcherId[]): readonly Watcher[] =>
    watchers.flatMap((id) => ledger.watchers.get(id) ?? []);

  const forEach = async (
    watchers: readonly WatcherId[],
    work: (id: WatcherId, loop: ClusterLoop) => Promise<void>,
  ): Promise<void> => {
    for (const { watcher, cluster } of watchers.map((id) => findWatcher(id, ledger))) {
      const loop = await loops.find(cluster);
      await loop.exclusively(() => work(watcher.id, loop));
      loop.wake();
    }
  };

  const wish = (id: WatcherId, move: Wish, before: readonly Observation[]): Promise<void> =>
    ledger.commit((batch) => {
      for (const observation of [...before, { kind: 'wish', move } as const]) {
        const subject = batch.subject(id);
        if (subject) batch.apply(subject, ...step(subject, observation, now()));
      }
    });

  /** From where it stopped, or with a gap from the end of what was printed meanwhile. */
  const goOn = async (
    watchers: readonly WatcherId[],
    move: Wish,
    missed: 'skip' | 'match',
  ): Promise<readonly Watcher[]> => {
    await forEach(watchers, async (id, loop) => {
      const { watcher } = findWatcher(id, ledger);
      const { state } = watcher.progress;
      const job = ledger.jobs.get(watcher.job);
      const skips = missed === 'skip' && job !== undefined && findMove(state, move) !== undefined;
      const reason = `the watcher was ${state}`;
      const gaps = skips
        ? await loop.ask(({ cluster }) => findResumePlaces(job, watcher, { cluster, reason }))
        : [];
      await wish(id, move, gaps);
    });
    return current(watchers);
  };

  return {
    pause: async (watchers) => {
      await forEach(watchers, (id) => wish(id, 'pause', []));
      return current(watchers);
    },
    resume: (watchers, missed) => goOn(watchers, 'resume', missed),
    rearm: async (watchers, missed) => {
      for (const id of watchers) checkRearm(findWatcher(id, ledger).watcher, ledger);
      return goOn(watchers, 'rearm', missed);
    },
    trigger: async (watchers) => {
      const triggered: Watcher[] = [];
      for (const id of watchers) {
        await recallWatcher(id, ledger, store);
        const loop = await loops.find(findWatcher(id, ledger).cluster);
        await loop.exclusively(async () => {
          // A tick in between lets jobs of history go.
          await recallWatcher(id, ledger, store);
          await loop.ask(({ cluster }) => triggerByHand(id, { ledger, cluster, matcher, now, attempts }));
          triggered.push(...current([id]));
        });
        loop.wake();
      }
      return triggered;
    },
    remove: (watchers) =>
      forEach(watchers, (id) =>
        ledger.commit((batch) => {
          batch.removeWatcher(id);
        }),
      ),
  };
}

function findWatcher(id: WatcherId, ledger: Ledger): { readonly watcher: Watcher; readonly cluster: string } {
  const watcher = ledger.watchers.get(id);
  const job = watcher && ledger.jobs.get(watcher.job);
  if (!watcher || !job)
    throw new WatchError(
      'not-found',
      `No live job has a watcher ${id}.`,
      'List the watchers to see their ids.',
    );
  return { watcher, cluster: job.cluster };
}

/** Throws bad-request with what can be done instead. */
function checkRearm({ definition, progress, job: key }: Watcher, ledger: Ledger): void {
  const { name } = definition;
  const phase = ledger.jobs.get(key)?.phase;
  if (phase === 'draining' || phase === 'ended')
    throw new WatchError(
      'bad-request',
      `The job of "${name}" has ended.`,
      'Trigger the watcher by hand, or attach another one to the job.',
    );
  if (findMove(progress.state, 'rearm') === undefined)
    throw new WatchError(
      'bad-request',
      `"${name}" is ${progress.state}: only triggered, disabled and completed watchers are re-armed.`,
      progress.state === 'paused' ? 'Resume it.' : 'Nothing is to be done.',
    );
}
