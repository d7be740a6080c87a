// The heart: what happens to a watcher, given what was observed. Pure: state in, state and effects out.
import type { Hit } from './ports';
import { findMove, type Move } from './lifecycle';
import type { FileMark, Job, OutboxEntry, Progress, Stream, Time, Watcher } from './model';
import { judge, toProgram } from './program';
import { continueTrigger, trigger } from './trigger';
import { toEvent, type Effect, type Subject } from './effect';
import { toConditionVariables } from './names';

/** Something that happened to a watcher. Offsets are bytes of the output file. */
export type Observation =
  | {
      readonly kind: 'output';
      readonly stream: Stream;
      readonly hits: readonly Hit[];
      readonly overrun: { readonly from: number; readonly to: number } | null;
      /** Everything before it has been matched, or is the overrun. */
      readonly to: number;
      readonly mark: FileMark;
    }
  /** The output was looked at, and nothing whole was new. */
  | { readonly kind: 'quiet' }
  /** Output that is not matched: `to` is where watching goes on, null where the end of the gap is unknown. */
  | {
      readonly kind: 'gap';
      readonly stream: Stream;
      readonly from: number;
      readonly to: number | null;
      readonly resumeAt: number;
      readonly reason: string;
    }
  | { readonly kind: 'trouble'; readonly message: string }
  | { readonly kind: 'timer' }
  /** The job has ended and its output has been read to the end. */
  | { readonly kind: 'jobEnd' }
  | {
      readonly kind: 'outcome';
      readonly entry: OutboxEntry;
      readonly success: boolean;
      readonly result: string;
    }
  | { readonly kind: 'wish'; readonly move: Extract<Move, 'pause' | 'resume'> };

/** A pattern that overruns its budget so often is given up. */
const maxOverruns = 3;
const maxBackoff = 5;
const backoffFactor = 1.1;

export function step(
  subject: Subject,
  observation: Observation,
  now: Time,
): readonly [Progress, readonly Effect[]] {
  const effects: Effect[] = [];
  const progress = new Step(subject, now, effects).take(observation);
  return [progress, effects];
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

class Step {
  private readonly watcher: Watcher;
  private readonly job: Job;

  constructor(
    subject: Subject,
    private readonly now: Time,
    private readonly effects: Effect[],
  ) {
    this.watcher = subject.watcher;
    this.job = subject.job;
  }

  take(observation: Observation): Progress {
    const { progress } = this.watcher;
    switch (observation.kind) {
      case 'output':
        return this.takeOutput(progress, observation);
      case 'quiet':
        return this.schedule({
          ...progress,
          backoff: Math.min(maxBackoff, progress.backoff * backoffFactor),
        });
      case 'gap':
        return this.takeGap(progress, observation);
      case 'trouble':
        this.effects.push(toEvent({ kind: 'error', result: observation.message }));
        return this.schedule({ ...progress, backoff: Math.min(maxBackoff, progress.backoff * 2) });
      case 'timer':
        return this.takeTimer(progress);
      case 'jobEnd':
        return this.takeJobEnd(progress);
      case 'outcome':
        return continueTrigger(this.withProgress(progress), observation, this.effects);
      case 'wish':
        return this.takeWish(progress, observation.move);
    }
  }

  private withProgress(progress: Progress): Subject {
    return { job: this.job, watcher: { ...this.watcher, progress } };
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
    { stream, hits, overrun, to, mark }: Extract<Observation, { kind: 'output' }>,
  ): Progress {
    let progress = this.schedule({
      ...before,
      backoff: 1,
      position: { ...before.position, [stream]: to },
      mark: { ...before.mark, [stream]: mark },
    });
    let chosen: Hit | undefined;
    hits.forEach((hit, index) => {
      if (progress.state !== 'active') return;
      progress = { ...takeCaptures(this.watcher, progress, hit), lastMatch: this.now };
      if (this.holds(progress, hit, (next) => (progress = next))) chosen = hit;
      const lineEnds = hits[index + 1]?.line !== hit.line;
      if (lineEnds && chosen) progress = this.takeMatch(progress, chosen);
      if (lineEnds) chosen = undefined;
    });
    return overrun ? this.takeOverrun(progress, overrun) : progress;
  }

  private holds(progress: Progress, hit: Hit, update: (progress: Progress) => void): boolean {
    const { condition } = toProgram(this.watcher.definition);
    const { holds, error } = judge(condition, toConditionVariables(this.withProgress(progress)));
    if (error !== undefined && !progress.reportedErrors.includes(error)) {
      this.effects.push(
        toEvent({
          kind: 'error',
          result: error,
          matchedText: hit.groups[0] ?? null,
          captures: progress.variables,
        }),
      );
      update({ ...progress, reportedErrors: [...progress.reportedErrors, error].slice(-50) });
    }
    return holds;
  }

  private takeMatch(progress: Progress, hit: Hit): Progress {
    const { definition } = this.watcher;
    if (definition.triggerOnJobEnd) return progress;
    if (!definition.timerModeEnabled) return this.trigger(progress, hit.groups);
    if (progress.nextTimer !== null) return progress;
    return this.trigger(
      { ...progress, nextTimer: this.now + definition.timerIntervalSeconds * 1000 },
      hit.groups,
    );
  }

  private trigger(progress: Progress, groups: readonly (string | null)[]): Progress {
    return trigger(this.withProgress(progress), { groups, now: this.now }, this.effects);
  }

  private takeOverrun(
    progress: Progress,
    { from, to }: { readonly from: number; readonly to: number },
  ): Progress {
    this.effects.push(
      toEvent({ kind: 'gap', result: `bytes ${from} to ${to} were not matched: the pattern took too long` }),
    );
    const patternOverruns = progress.patternOverruns + 1;
    if (patternOverruns < maxOverruns) return { ...progress, patternOverruns };
    return this.move(
      { ...progress, patternOverruns },
      'fail',
      `its pattern took too long ${maxOverruns} times`,
    );
  }

  private takeGap(
    progress: Progress,
    { stream, from, to, resumeAt, reason }: Extract<Observation, { kind: 'gap' }>,
  ): Progress {
    const range = to === null ? `what followed byte ${from}` : `bytes ${from} to ${to}`;
    this.effects.push(toEvent({ kind: 'gap', result: `${stream}: ${range} was not matched: ${reason}` }));
    return {
      ...progress,
      position: { ...progress.position, [stream]: resumeAt },
      mark: { ...progress.mark, [stream]: null },
    };
  }

  private takeTimer(progress: Progress): Progress {
    if (progress.state !== 'active' || progress.nextTimer === null) return { ...progress, nextTimer: null };
    const period = this.watcher.definition.timerIntervalSeconds * 1000;
    // After a sleep the timer acts once, not for every period that was missed.
    const missed = Math.floor((this.now - progress.nextTimer) / period);
    return this.trigger(
      { ...progress, nextTimer: progress.nextTimer + (missed + 1) * period },
      progress.lastGroups ?? [],
    );
  }

  private takeJobEnd(before: Progress): Progress {
    const { definition } = this.watcher;
    const { endState } = this.job;
    let progress = before;
    const wanted = endState !== null && definition.triggerJobStates.includes(endState);
    if (progress.state === 'active' && definition.triggerOnJobEnd && wanted)
      progress = this.trigger(progress, progress.lastGroups ?? []);
    const state = findMove(progress.state, 'jobEnd') ?? progress.state;
    return { ...progress, state, nextCheck: null, nextTimer: null };
  }

  private takeWish(progress: Progress, move: 'pause' | 'resume'): Progress {
    if (!findMove(progress.state, move)) return progress;
    const moved = this.move(progress, move, 'asked for');
    return move === 'resume' ? { ...moved, nextCheck: this.now, backoff: 1 } : { ...moved, nextCheck: null };
  }

  private move(progress: Progress, move: Move, reason: string): Progress {
    const state = findMove(progress.state, move);
    if (!state) return progress;
    this.effects.push(toEvent({ kind: 'state', result: `${progress.state} to ${state}: ${reason}` }));
    return {
      ...progress,
      state,
      stateReason: reason,
      nextCheck: state === 'active' ? progress.nextCheck : null,
    };
  }
}
