// The heart: what happens to a watcher, given what was observed. Pure: state in, state and effects out.
import type { Outcome } from './actions/action';
import type { Variables } from '../language/condition/evaluator';
import type { WorkBudget } from '../language/condition/limits';
import type { Hit, Overrun } from './ports';
import { findMove, type Move } from './lifecycle';
import type {
  Cause,
  DeadlineKind,
  FileMark,
  Job,
  OutboxEntry,
  OutputPlace,
  Progress,
  Stream,
  Time,
  Watcher,
} from './model';
import { moveTo } from './move';
import { countOverstep } from './overruns';
import { judge, toProgram, type Verdict } from './program';
import { continueTrigger, postpone, tellOnce, trigger, type Occasion, type Postponement } from './trigger';
import { nameCause, toByHand, toJobEnd } from './cause';
import { nameCauses, toEvent, type Effect, type Subject } from './effect';
import { isEndListed } from '../language/jobStates';
import { hashBytes } from './tail';
import { toConditionVariables } from './names';
import { explainFalse } from './verdict';

/** Something that happened to a watcher. Offsets are bytes of the output file. */
export type Observation =
  | {
      readonly kind: 'output';
      readonly stream: Stream;
      readonly hits: readonly Hit[];
      readonly overrun: Overrun | null;
      /** Everything before it has been matched, or is the overrun. */
      readonly to: number;
      readonly mark: FileMark;
      /** The file's size when it was read. */
      readonly size: number;
      /** More is there already: it is read as soon as others have had their turn. */
      readonly more: boolean;
    }
  /** The output was looked at, and nothing whole was new; the size is null where there is no file. */
  | { readonly kind: 'quiet'; readonly stream: Stream; readonly size: number | null }
  /** Output that is not matched: `to` is where watching goes on, null where the end of the gap is unknown. */
  | {
      readonly kind: 'gap';
      readonly stream: Stream;
      readonly from: number;
      readonly to: number | null;
      readonly resumeAt: number;
      readonly reason: string;
      /** How the file is recognised there; null where it is not known. */
      readonly mark: FileMark | null;
    }
  /** The output cannot be read: told once while that lasts. */
  | { readonly kind: 'trouble'; readonly stream: Stream; readonly message: string }
  /** Something that people should know of its output. */
  | { readonly kind: 'note'; readonly message: string }
  | { readonly kind: 'deadline'; readonly deadline: DeadlineKind }
  /** A person wants its actions to run now, with what was found in the output as it is now. */
  | { readonly kind: 'byHand'; readonly found: Found }
  /**
   * The job has ended and its output has been read to the end. `neverBegan`: an array's watcher stands for those of tasks that
   * never began.
   */
  | { readonly kind: 'jobEnd'; readonly neverBegan?: boolean }
  /** The first action of an entry has come to an end. */
  | ({ readonly kind: 'outcome'; readonly entry: OutboxEntry } & Outcome)
  /** The first action of an entry has to wait. */
  | ({ readonly kind: 'postponed' } & Postponement)
  | { readonly kind: 'wish'; readonly move: Extract<Move, 'pause' | 'resume' | 'rearm'> };

/** What a watcher has to act on when a person asks for it; see `lookByHand`. */
export type Found =
  | {
      /** The last match for which the condition held; or what the actions have without one. */
      readonly kind: 'match' | 'unmatched';
      readonly groups: readonly (string | null)[];
      readonly variables: Progress['variables'];
      /** Of the match. */
      readonly place?: OutputPlace;
    }
  | { readonly kind: 'nothing'; readonly why: string };

/** What the conditions of one observation may do together, in the units of their limits: about 20 ms. */
export const observationWork = 20_000_000;
const maxBackoff = 5;
const backoffFactor = 1.1;

const isWatching = ({ state }: Progress): boolean => state === 'active';

/** Nothing right before the position is known. */
const emptyTail = { tail: hashBytes(new Uint8Array()), tailLength: 0 };

export function step(
  subject: Subject,
  observation: Observation,
  now: Time,
  /** What its conditions may do; tells afterwards what is left of it. */
  budget: WorkBudget = { left: observationWork },
): readonly [Progress, readonly Effect[]] {
  const effects: Effect[] = [];
  const isForTasks = observation.kind === 'jobEnd' && observation.neverBegan === true;
  const own = isForTasks ? toNeverBegun(subject) : subject;
  const progress = new Step(own, { now, budget }, effects).take(observation);
  if (effects.length > 0) nameCauses(effects, 0, toCause(observation, own.job));
  return [progress, effects];
}

const match: Cause = { kind: 'match' };

/** Of what follows from it, if that is not about one match. */
function toCause(observation: Observation, job: Job): Cause | null {
  switch (observation.kind) {
    case 'deadline':
      return { kind: 'deadline', deadline: observation.deadline };
    case 'byHand':
      return toByHand(job, observation.found.kind === 'match');
    case 'jobEnd':
      return toJobEnd(job);
    case 'outcome':
    case 'postponed':
      return observation.entry.cause;
    case 'wish':
      return { kind: 'wish', move: observation.move };
    default:
      return { kind: 'output' };
  }
}

/** As a plain job's that was cancelled while it waited. */
function toNeverBegun(subject: Subject): Subject {
  const { watcher, job } = subject;
  const { progress } = watcher;
  if (progress.state !== 'static') return subject;
  return {
    ...subject,
    job: { ...job, state: 'CANCELLED', endState: 'cancelled' },
    watcher: { ...watcher, progress: { ...progress, state: 'active', stateReason: null } },
  };
}

/** Captures of the match become variables; a group that took no part unsets its own. */
export function takeCaptures({ definition }: Watcher, progress: Progress, { groups }: Hit): Progress {
  const variables = { ...progress.variables };
  toProgram(definition).groupNames.forEach((names, index) => {
    const value = groups[index + 1] ?? null;
    for (const name of names) {
      if (value === null) Reflect.deleteProperty(variables, name);
      else variables[name] = value;
    }
  });
  return { ...progress, variables, lastGroups: groups };
}

/** `job ended: failed`; empty while it has not. */
const describeJobEnd = (job: Job): string => nameCause(toJobEnd(job));

/** Why a watcher of the job's end does not act at this end; undefined if it does. */
function findEndObstacle(subject: Subject): string | undefined {
  const { state } = subject.watcher.progress;
  const obstacle = findUnlisted(subject);
  if (obstacle !== undefined) return obstacle;
  if (state !== 'active') return `${describeJobEnd(subject.job)} while the watcher was ${state}`;
  const { condition } = toProgram(subject.watcher.definition);
  const { holds } = judge(condition, () => toConditionVariables(subject));
  if (holds || !condition) return undefined;
  return `${describeJobEnd(subject.job)}, and its condition does not hold: ${explainFalse(condition, subject)}`;
}

/** The job has ended in a way that the watcher's list does not name: the end and the list. */
export function findUnlisted({ watcher: { definition }, job }: Subject): string | undefined {
  const { phase, endState, state } = job;
  const { triggerJobStates } = definition;
  if (phase !== 'ended' || endState === null || isEndListed(endState, triggerJobStates)) return undefined;
  return `job ended: ${state}; the watcher acts on: ${triggerJobStates.join(', ')}`;
}

/** The last match of a line for which the condition holds, with what was captured up to it. */
interface Chosen {
  readonly hit: Hit;
  readonly stream: Stream;
  readonly variables: Progress['variables'];
}

/** Bytes of the output. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

export const toPlace = (stream: Stream, { line, segment }: Hit): OutputPlace => ({ stream, line, segment });

class Step {
  /** What it does at each kind of deadline, given when that was planned. */
  private static readonly atDeadline: Readonly<
    Record<DeadlineKind, (step: Step, progress: Progress, planned: Time) => Progress>
  > = {
    timer: (step, progress, planned) => step.takeTimer(progress, planned),
  };

  private readonly watcher: Watcher;
  private readonly job: Job;
  private readonly now: Time;
  private readonly budget: WorkBudget;

  constructor(
    private readonly subject: Subject,
    { now, budget }: { readonly now: Time; readonly budget: WorkBudget },
    private readonly effects: Effect[],
  ) {
    this.now = now;
    this.budget = budget;
    this.watcher = subject.watcher;
    this.job = subject.job;
  }

  take(observation: Observation): Progress {
    const { progress } = this.watcher;
    switch (observation.kind) {
      case 'output':
        return this.takeOutput(progress, observation);
      case 'quiet':
        return this.takeQuiet(progress, observation);
      case 'gap':
        return this.takeGap(progress, observation);
      case 'trouble':
        return this.takeTrouble(progress, observation);
      case 'note':
        this.effects.push(toEvent({ kind: 'error', result: observation.message }));
        return progress;
      case 'deadline':
        return this.takeDeadline(progress, observation.deadline);
      case 'byHand':
        return this.takeByHand(progress, observation.found);
      case 'jobEnd':
        return this.takeJobEnd(progress);
      case 'outcome':
        return continueTrigger(this.withProgress(progress), { ...observation, now: this.now }, this.effects);
      case 'postponed':
        return postpone(this.withProgress(progress), observation, this.effects);
      case 'wish':
        return this.takeWish(progress, observation.move);
    }
  }

  private withProgress(progress: Progress): Subject {
    return { ...this.subject, watcher: { ...this.watcher, progress } };
  }

  /** When its output is looked at next. */
  private schedule(progress: Progress): Progress {
    const interval = this.watcher.definition.intervalSeconds * 1000 * progress.backoff;
    return {
      ...progress,
      lastCheck: this.now,
      nextCheck: progress.state === 'active' ? this.now + interval : null,
    };
  }

  private takeOutput(
    before: Progress,
    { stream, hits, overrun, to, mark, size, more }: Extract<Observation, { kind: 'output' }>,
  ): Progress {
    // Its other output, or an action of it, has just taken it out of watching: what is here stays unmatched.
    if (!isWatching(before)) return before;
    let progress = this.schedule({
      ...before,
      backoff: 1,
      position: { ...before.position, [stream]: to },
      mark: { ...before.mark, [stream]: mark },
      seen: { ...before.seen, [stream]: size },
      readTrouble: { ...before.readTrouble, [stream]: null },
    });
    if (more) progress = { ...progress, nextCheck: progress.nextCheck === null ? null : this.now };
    let chosen: Chosen | undefined;
    let stopped: Stretch[] = [];
    for (const [index, hit] of hits.entries()) {
      const next = hits[index + 1];
      if (stopped.at(-1)?.from !== hit.segment) {
        progress = { ...takeCaptures(this.watcher, progress, hit), lastMatch: this.now };
        const verdict = this.judge(progress, { hit, stream }, (changed) => (progress = changed));
        if (verdict.holds) chosen = { hit, stream, variables: progress.variables };
        if (verdict.stopped) {
          const following = hits.find(({ segment }, at) => at > index && segment !== hit.segment);
          stopped.push({ from: hit.segment, to: following?.segment ?? overrun?.from ?? to });
        }
      }
      const isSpent = this.budget.left <= 0;
      if (next?.line === hit.line && !isSpent) continue;
      if (chosen) progress = this.takeChosen(progress, chosen);
      chosen = undefined;
      for (const stretch of isSpent ? [{ from: stopped[0]?.from ?? hit.segment, to }] : stopped)
        progress = this.takeStop(progress, stretch);
      stopped = [];
      if (isSpent && isWatching(progress)) return progress;
      if (!isWatching(progress))
        return this.stopBefore(progress, stream, isSpent ? to : (next?.segment ?? overrun?.from ?? to));
    }
    return overrun ? this.takeOverrun(progress, overrun) : progress;
  }

  /** What comes after the line at which it stopped watching has not been matched. */
  private stopBefore(progress: Progress, stream: Stream, position: number): Progress {
    if (position === progress.position[stream]) return progress;
    const mark = progress.mark[stream];
    return {
      ...progress,
      position: { ...progress.position, [stream]: position },
      mark: {
        ...progress.mark,
        [stream]: mark && { ...mark, ...emptyTail },
      },
    };
  }

  private takeQuiet(progress: Progress, { stream, size }: Extract<Observation, { kind: 'quiet' }>): Progress {
    const isNew = size !== null && size > progress.seen[stream];
    return this.schedule({
      ...progress,
      readTrouble: { ...progress.readTrouble, [stream]: null },
      seen: { ...progress.seen, [stream]: size ?? 0 },
      backoff: isNew ? 1 : Math.min(maxBackoff, progress.backoff * backoffFactor),
    });
  }

  private takeTrouble(
    progress: Progress,
    { stream, message }: Extract<Observation, { kind: 'trouble' }>,
  ): Progress {
    if (progress.readTrouble[stream] !== message)
      this.effects.push(toEvent({ kind: 'error', result: message }));
    return this.schedule({
      ...progress,
      readTrouble: { ...progress.readTrouble, [stream]: message },
      backoff: Math.min(maxBackoff, progress.backoff * 2),
    });
  }

  private judge(
    progress: Progress,
    { hit, stream }: Pick<Chosen, 'hit' | 'stream'>,
    update: (progress: Progress) => void,
  ): Verdict {
    const { definition } = this.watcher;
    // At the job's end the condition is evaluated, once.
    if (definition.triggerOnJobEnd) return { holds: false };
    const toVariables = (): Variables => toConditionVariables(this.withProgress(progress));
    const verdict = judge(toProgram(definition).condition, toVariables, this.budget);
    const { error } = verdict;
    if (error !== undefined) {
      const matchedText = hit.groups[0] ?? null;
      const place = toPlace(stream, hit);
      const told = { cause: match, result: error, matchedText, place, captures: progress.variables };
      update(tellOnce(progress, told, this.effects));
    }
    return verdict;
  }

  /** What comes behind it in its line changes nothing of what it triggers. */
  private takeChosen(progress: Progress, { hit, stream, variables }: Chosen): Progress {
    const place = toPlace(stream, hit);
    return { ...this.takeMatch({ ...progress, variables }, hit, place), variables: progress.variables };
  }

  private takeMatch(progress: Progress, { groups }: Hit, place: OutputPlace): Progress {
    const { definition } = this.watcher;
    if (!definition.timerModeEnabled) return this.trigger(progress, { groups, place, cause: match });
    const held = { ...progress, held: { groups, variables: progress.variables } };
    if (progress.deadlines.timer !== undefined) return held;
    const timer = this.now + definition.timerIntervalSeconds * 1000;
    const deadlines = { ...progress.deadlines, timer };
    return this.trigger({ ...held, deadlines }, { groups, place, cause: match });
  }

  private trigger(progress: Progress, occasion: Occasion): Progress {
    const { now, budget } = this;
    return trigger(this.withProgress(progress), { ...occasion, now, budget }, this.effects);
  }

  /** With other captures than the watcher goes on with. */
  private triggerWith(progress: Progress, variables: Progress['variables'], occasion: Occasion): Progress {
    return { ...this.trigger({ ...progress, variables }, occasion), variables: progress.variables };
  }

  private takeByHand(progress: Progress, found: Found): Progress {
    if (found.kind === 'nothing') {
      this.effects.push(toEvent({ kind: 'skip', result: `by hand: ${found.why}` }));
      return progress;
    }
    const { kind, groups, variables, place } = found;
    const cause = toByHand(this.job, kind === 'match');
    return this.triggerWith(progress, variables, { groups, place, cause });
  }

  private takeOverrun(progress: Progress, { from, to, error }: Overrun): Progress {
    const why = error === undefined ? 'the pattern took too long' : `the search broke: ${error}`;
    const often =
      error === undefined ? 'its pattern took too long' : 'its pattern took too long or broke the search';
    return countOverstep(progress, { from, to, why, often }, this.effects);
  }

  private takeStop(progress: Progress, stretch: Stretch): Progress {
    const why = 'the condition took too long on what was captured there';
    const often = 'its condition took too long';
    return countOverstep(progress, { ...stretch, why, often }, this.effects);
  }

  private takeGap(
    progress: Progress,
    { stream, from, to, resumeAt, reason, mark }: Extract<Observation, { kind: 'gap' }>,
  ): Progress {
    const range = to === null ? `what followed byte ${from} was` : `bytes ${from} to ${to} were`;
    this.effects.push(toEvent({ kind: 'gap', result: `${stream}: ${range} not matched: ${reason}` }));
    return {
      ...progress,
      position: { ...progress.position, [stream]: resumeAt },
      mark: { ...progress.mark, [stream]: mark },
      seen: { ...progress.seen, [stream]: resumeAt },
    };
  }

  private takeDeadline(progress: Progress, deadline: DeadlineKind): Progress {
    const time = progress.deadlines[deadline];
    if (!isWatching(progress) || time === undefined) return progress;
    return Step.atDeadline[deadline](this, progress, time);
  }

  private takeTimer(progress: Progress, planned: Time): Progress {
    const period = this.watcher.definition.timerIntervalSeconds * 1000;
    // After a sleep the timer acts once, not for every period that was missed.
    const missed = Math.floor((this.now - planned) / period);
    const deadlines = { ...progress.deadlines, timer: planned + (missed + 1) * period };
    const { groups = [], variables = {} } = progress.held ?? {};
    return this.triggerWith({ ...progress, deadlines }, variables, {
      groups,
      cause: { kind: 'deadline', deadline: 'timer' },
    });
  }

  private takeJobEnd(before: Progress): Progress {
    // The template of an array's watchers has never had to act.
    const acts = this.watcher.definition.triggerOnJobEnd && before.state !== 'static';
    const progress = acts ? this.actAtEnd(before) : before;
    const state = findMove(progress.state, 'jobEnd') ?? progress.state;
    return { ...progress, state, nextCheck: null, deadlines: {} };
  }

  private actAtEnd(progress: Progress): Progress {
    const obstacle = findEndObstacle(this.withProgress(progress));
    if (obstacle !== undefined) {
      this.effects.push(toEvent({ kind: 'skip', captures: progress.variables, result: obstacle }));
      return progress;
    }
    return this.trigger(progress, { groups: progress.lastGroups ?? [], cause: toJobEnd(this.job) });
  }

  private takeWish(progress: Progress, move: 'pause' | 'resume' | 'rearm'): Progress {
    if (!findMove(progress.state, move)) return progress;
    const moved = this.move(progress, move, 'asked for');
    if (move === 'pause') return moved;
    const watching = { ...moved, nextCheck: this.now, backoff: 1 };
    // Limits hold anew: it would be out of them at once otherwise.
    return move === 'resume'
      ? watching
      : {
          ...watching,
          triggerCount: 0,
          consecutiveFailures: 0,
          patternOverruns: 0,
          deadlines: {},
          lastTrigger: null,
        };
  }

  private move(progress: Progress, move: Move, reason: string): Progress {
    return moveTo(progress, { move, reason }, this.effects);
  }
}
