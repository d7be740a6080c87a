// A trigger: its actions in the written order; from the first one that reaches outside on, the rest waits in the outbox.
import { substitute } from '../language/template';
import type { Json } from '../language/definition';
import { findRuntime } from './actions/runtimes';
import { toEvent, type Effect, type Subject } from './effect';
import { findMove } from './lifecycle';
import type { OutboxEntry, Progress, Time } from './model';
import { toConditionVariables, toTemplateVariables } from './names';
import { judge, toProgram } from './program';

type PlannedAction = OutboxEntry['actions'][number];

/** What an event of the trigger tells of its cause. */
interface Cause {
  readonly matchedText: string | null;
  readonly captures: Readonly<Record<string, string>>;
}

/** Counts the trigger, runs what is local, plans the rest. */
export function trigger(
  subject: Subject,
  { groups, now }: { readonly groups: readonly (string | null)[]; readonly now: Time },
  effects: Effect[],
): Progress {
  const { definition, progress } = subject.watcher;
  const cause: Cause = { matchedText: groups[0] ?? null, captures: progress.variables };
  const cooldownMs = definition.cooldownSeconds * 1000;
  if (cooldownMs > 0 && progress.lastTrigger !== null && now - progress.lastTrigger < cooldownMs) {
    effects.push(
      toEvent({
        kind: 'skip',
        ...cause,
        result: `within ${definition.cooldownSeconds} s after the last trigger (cooldown)`,
      }),
    );
    return progress;
  }
  const counted = { ...progress, triggerCount: progress.triggerCount + 1, lastTrigger: now };
  effects.push(toEvent({ kind: 'trigger', ...cause, result: cause.matchedText ?? describeCause(subject) }));
  const ready: Subject = { ...subject, watcher: { ...subject.watcher, progress: counted } };
  const [planned, reported] = plan(ready, groups, effects);
  const after = runLocal(reported, planned, { definition, cause, effects });
  return limitTriggers(after.progress, definition.maxTriggers, effects, after.rest, cause);
}

const describeCause = ({ job, watcher }: Subject): string =>
  job.endState !== null && watcher.definition.triggerOnJobEnd ? `the job ended: ${job.endState}` : 'timer';

/** The actions whose conditions hold, with their final parameters. */
function plan(
  subject: Subject,
  groups: readonly (string | null)[],
  effects: Effect[],
): readonly [readonly PlannedAction[], Progress] {
  let { progress } = subject.watcher;
  const variables = toTemplateVariables(subject);
  const planned: PlannedAction[] = [];
  for (const { type, params, condition } of toProgram(subject.watcher.definition).actions) {
    const { holds, error } = judge(condition, toConditionVariables(subject));
    if (error !== undefined && !progress.reportedErrors.includes(error)) {
      effects.push(toEvent({ kind: 'error', action: type, result: error, captures: progress.variables }));
      progress = { ...progress, reportedErrors: [...progress.reportedErrors, error].slice(-50) };
    }
    if (holds) planned.push({ type, params: render(params, { groups, variables }) });
  }
  return [planned, progress];
}

function render(
  params: Readonly<Record<string, Json>>,
  values: Parameters<typeof substitute>[1],
): Readonly<Record<string, Json>> {
  const entries = Object.entries(params).map(
    ([name, value]) => [name, typeof value === 'string' ? substitute(value, values) : value] as const,
  );
  return Object.fromEntries(entries);
}

interface LocalRun {
  readonly definition: Subject['watcher']['definition'];
  readonly cause: Cause;
  readonly effects: Effect[];
}

/** Runs actions up to the first remote one; `rest` begins with it. */
function runLocal(
  before: Progress,
  actions: readonly PlannedAction[],
  { definition, cause, effects }: LocalRun,
): { readonly progress: Progress; readonly rest: readonly PlannedAction[] } {
  let progress = before;
  let pauses = false;
  let index = 0;
  for (; index < actions.length; index++) {
    const action = actions[index];
    const runtime = action && findRuntime(action.type);
    if (!action || runtime?.kind === 'remote') break;
    const outcome = runtime?.apply(action.params) ?? {
      success: false,
      result: `This version cannot run ${action.type}.`,
    };
    effects.push(
      toEvent({
        kind: 'action',
        action: action.type,
        success: outcome.success,
        params: action.params,
        ...cause,
        result: outcome.result,
      }),
    );
    if (outcome.metric) effects.push({ kind: 'metric', metric: outcome.metric });
    pauses ||= outcome.pauses === true;
    progress = countOutcome(progress, outcome.success, definition.maxFailures, effects);
  }
  if (pauses) progress = moveTo(progress, 'pause', 'its own action', effects);
  return { progress, rest: actions.slice(index) };
}

function countOutcome(
  progress: Progress,
  success: boolean,
  maxFailures: number,
  effects: Effect[],
): Progress {
  if (success) return { ...progress, consecutiveFailures: 0 };
  const failed = {
    ...progress,
    failureCount: progress.failureCount + 1,
    consecutiveFailures: progress.consecutiveFailures + 1,
  };
  if (failed.consecutiveFailures < maxFailures) return failed;
  return moveTo(failed, 'fail', `${maxFailures} actions failed in a row`, effects);
}

function moveTo(
  progress: Progress,
  move: 'pause' | 'fail' | 'reachLimit',
  reason: string,
  effects: Effect[],
): Progress {
  const state = findMove(progress.state, move);
  if (!state) return progress;
  effects.push(toEvent({ kind: 'state', result: `${progress.state} to ${state}: ${reason}` }));
  return { ...progress, state, stateReason: reason, nextCheck: null, nextTimer: null };
}

function limitTriggers(
  progress: Progress,
  maxTriggers: number | null,
  effects: Effect[],
  rest: readonly PlannedAction[],
  cause: Cause,
): Progress {
  if (rest.length > 0) effects.push({ kind: 'act', entry: { ...cause, actions: rest } });
  if (maxTriggers === null || progress.triggerCount < maxTriggers) return progress;
  return moveTo(progress, 'reachLimit', `max_triggers (${maxTriggers}) reached`, effects);
}

/** The first action of an entry has come to an end: its event, and what follows. */
export function continueTrigger(
  subject: Subject,
  outcome: { readonly entry: OutboxEntry; readonly success: boolean; readonly result: string },
  effects: Effect[],
): Progress {
  const { definition, progress } = subject.watcher;
  const { entry, success, result } = outcome;
  const [first, ...others] = entry.actions;
  if (!first) return progress;
  const cause: Cause = { matchedText: entry.matchedText, captures: entry.captures };
  effects.push(
    toEvent({ kind: 'action', action: first.type, success, params: first.params, ...cause, result }),
  );
  const counted = countOutcome(progress, success, definition.maxFailures, effects);
  const runtime = findRuntime(first.type);
  if (!success && runtime?.kind === 'remote' && runtime.stopsOnFailure) {
    for (const { type, params } of others)
      effects.push(
        toEvent({ kind: 'skip', action: type, params, ...cause, result: `${first.type} before it failed` }),
      );
    effects.push({ kind: 'actDone', id: entry.id });
    return counted;
  }
  const { progress: after, rest } = runLocal(counted, others, { definition, cause, effects });
  effects.push(
    rest.length > 0
      ? { kind: 'actOn', entry: { ...entry, actions: rest, started: false, attempts: 0 } }
      : { kind: 'actDone', id: entry.id },
  );
  return after;
}
