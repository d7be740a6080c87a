// What people ask of watchers that there are: to pause, to go on, to be armed again, to act now, to be gone.
import { findSubject, lookByHand, planByHand, recallWatcher, type Look } from './byHand';
import { findCancellation } from './cancellation';
import { toByHand } from './cause';
import type { ClusterLoops } from './clusterLoops';
import { describeConsequences, isOutside } from './consequences';
import type { Subject } from './effect';
import { WatchError } from './errors';
import type { Ledger } from './ledger';
import { findMove, type Move } from './lifecycle';
import type { ClusterLoop } from './watching/loop';
import type { Job, Watcher, WatcherId } from './model';
import type { Clock, Matcher, Store } from './ports';
import type { TriggerPlan } from './protocol';
import { findResumePlaces } from './resume';
import { explainNoRearm, explainNoTrigger, type Refusal } from './rules';
import type { Observation } from './step';

export interface WishPlace {
  readonly ledger: Ledger;
  readonly loops: ClusterLoops;
  readonly store: Store;
  readonly matcher: Matcher;
  readonly clock: Clock;
}

export interface Wishes {
  pause(watchers: readonly WatcherId[]): Promise<readonly Watcher[]>;
  /** `match`: what was printed meanwhile is matched; `skip`: it becomes a gap. */
  resume(watchers: readonly WatcherId[], missed: 'skip' | 'match'): Promise<readonly Watcher[]>;
  /** Triggered and disabled watchers watch again while their job lives. */
  rearm(watchers: readonly WatcherId[], missed: 'skip' | 'match'): Promise<readonly Watcher[]>;
  /** What they would do by hand, with their last match for which the condition holds; changes nothing. */
  planTrigger(watchers: readonly WatcherId[]): Promise<readonly TriggerPlan[]>;
  /** Does it. Throws needs-consent for what reaches outside and is not as in the plans that were agreed to. */
  trigger(watchers: readonly WatcherId[], agreed?: readonly TriggerPlan[]): Promise<readonly Watcher[]>;
  remove(watchers: readonly WatcherId[]): Promise<void>;
}

type Wish = Extract<Move, 'pause' | 'resume' | 'rearm'>;

export function createWishes({ ledger, loops, store, matcher, clock }: WishPlace): Wishes {
  const now = (): number => clock.now();
  const current = (watchers: readonly WatcherId[]): readonly Watcher[] =>
    watchers.flatMap((id) => ledger.watchers.get(id) ?? []);

  const forEach = async (
    watchers: readonly WatcherId[],
    work: (id: WatcherId, loop: ClusterLoop) => Promise<void>,
  ): Promise<void> => {
    for (const { watcher, job } of watchers.map((id) => findWatcher(id, ledger))) {
      const loop = await loops.find(job.cluster);
      await loop.exclusively(() => work(watcher.id, loop));
      loop.wake();
    }
  };

  /** One after another, in one transaction. */
  const observe = (id: WatcherId, observations: readonly Observation[]): Promise<void> =>
    ledger.commit((batch) => {
      for (const observation of observations) batch.observe(id, observation, now());
    });

  /** One after another, as they would act: a job that one of them cancels is not cancelled again. */
  const plan = async (
    watchers: readonly WatcherId[],
    agreed: readonly TriggerPlan[],
  ): Promise<readonly Planned[]> => {
    const planned: Planned[] = [];
    const cancelled = new Map<string, Subject['cancellation']>();
    for (const id of new Set(watchers)) {
      const known = await findSubject(id, ledger, store);
      const { watcher, job } = known;
      check(explainNoTrigger(watcher, job));
      const subject = { ...known, cancellation: known.cancellation ?? cancelled.get(job.key) };
      const limit = agreed.find((one) => one.watcher === id)?.until ?? null;
      const loop = await loops.find(job.cluster);
      const look = await loop.ask(({ cluster }) => lookByHand(subject, limit, { cluster, matcher }));
      const done = planByHand(subject, look);
      const cancellation = findCancellation(watcher.definition.name, toByHand(job, false), done.actions);
      if (cancellation) cancelled.set(job.key, cancellation);
      planned.push({ id, look, plan: done });
    }
    return planned;
  };

  /** From where it stopped, or with a gap from the end of what was printed meanwhile. */
  const goOn = async (
    watchers: readonly WatcherId[],
    move: Wish,
    missed: 'skip' | 'match',
  ): Promise<readonly Watcher[]> => {
    await forEach(watchers, async (id, loop) => {
      const { watcher, job } = findWatcher(id, ledger);
      const { state } = watcher.progress;
      const skips = missed === 'skip' && findMove(state, move) !== undefined;
      const reason = `the watcher was ${state}`;
      const gaps = skips
        ? await loop.ask(({ cluster }) => findResumePlaces(job, watcher, { cluster, reason }))
        : [];
      await observe(id, [...gaps, { kind: 'wish', move }]);
    });
    return current(watchers);
  };

  return {
    pause: async (watchers) => {
      await forEach(watchers, (id) => observe(id, [{ kind: 'wish', move: 'pause' }]));
      return current(watchers);
    },
    resume: (watchers, missed) => goOn(watchers, 'resume', missed),
    rearm: async (watchers, missed) => {
      for (const id of watchers) {
        const { watcher, job } = findWatcher(id, ledger);
        check(explainNoRearm(watcher, job));
      }
      return goOn(watchers, 'rearm', missed);
    },
    planTrigger: async (watchers) => (await plan(watchers, [])).map((planned) => planned.plan),
    trigger: async (watchers, agreed = []) => {
      const planned = await plan(watchers, agreed);
      for (const step of planned) checkAgreed(step.plan, agreed);
      const triggered: Watcher[] = [];
      for (const { id, look } of planned) {
        await recallWatcher(id, ledger, store);
        const loop = await loops.find(findWatcher(id, ledger).job.cluster);
        await loop.exclusively(async () => {
          // A tick in between lets jobs of history go.
          await recallWatcher(id, ledger, store);
          const subject = ledger.subject(id);
          if (subject) checkAgreed(planByHand(subject, look), agreed);
          await observe(id, [{ kind: 'byHand', found: look.found }]);
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

interface Planned {
  readonly id: WatcherId;
  readonly look: Look;
  readonly plan: TriggerPlan;
}

/** Throws bad-request with what can be done instead. */
function check(refusal: Refusal | undefined): void {
  if (refusal) throw new WatchError('bad-request', refusal.message, refusal.remedy);
}

/** Throws needs-consent for what reaches outside, unless a person has seen exactly that. */
function checkAgreed(plan: TriggerPlan, agreed: readonly TriggerPlan[]): void {
  if (!isOutside(plan)) return;
  const seen = agreed.find(({ watcher }) => watcher === plan.watcher);
  if (seen && JSON.stringify(seen.actions) === JSON.stringify(plan.actions)) return;
  const what = describeConsequences(plan).join(' ');
  throw new WatchError(
    'needs-consent',
    seen
      ? `Nothing was done. What "${plan.name}" would do has changed since it was shown: ${what}`
      : `Nothing was done, as nobody has agreed yet: ${what}`,
    'Look at what it would do, and agree to it.',
  );
}

/** Throws not-found. */
export function findWatcher(id: WatcherId, ledger: Ledger): { readonly watcher: Watcher; readonly job: Job } {
  const watcher = ledger.watchers.get(id);
  const job = watcher && ledger.jobs.get(watcher.job);
  if (!watcher || !job)
    throw new WatchError(
      'not-found',
      `No live job has a watcher ${id}.`,
      'List the watchers to see their ids; to a job that has ended, attach another watcher.',
    );
  return { watcher, job };
}
