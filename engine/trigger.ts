// A trigger: its actions in the written order; from the first one that reaches outside on, the rest waits in the outbox.
import { findActionRow, reachesOutside } from '../language/actionTable';
import { maskWebhook } from '../language/show/webhook';
import type { WorkBudget } from '../language/condition/limits';
import { explainCancelled, findCancellation, isCancellation, type Cancellation } from './cancellation';
import { isMatch, nameCause } from './cause';
import { planAction } from './commandPlan';
import {
  explainResubmitted,
  findResubmission,
  isResubmission,
  joinCancellations,
  type Resubmission,
} from './resubmission';
import { nameCauses, toEvent, type Effect, type Subject } from './effect';
import type { Outcome } from './actions/action';
import { findLocalAction } from './actions/localActions';
import { isWithin } from './due';
import { cutText, cutWaitingCaptures } from './keptText';
import { moveTo } from './move';
import { countOverrun } from './overruns';
import { countAction, maxActions, mergeActions, splitByRate } from './rateLimit';
import type { Cause, OutboxEntry, OutputPlace, PlannedAction, Progress, Time } from './model';
import { toConditionVariables, toTemplateVariables } from './names';
import { judge, toProgram } from './program';
import { explainFalse } from './verdict';

/** So many distinct errors of a watcher are remembered as told. */
const maxReported = 50;

/** What an event of the trigger tells of its cause. */
type CauseFields = Pick<OutboxEntry, 'cause' | 'matchedText' | 'place' | 'captures'>;

/** What the actions of a trigger speak of. */
export interface Occasion {
  /** The match, or the last one before: whole text, then its groups. */
  readonly groups: readonly (string | null)[];
  /** Of the match; absent if it is not about one. */
  readonly place?: OutputPlace | undefined;
  readonly cause: Cause;
}

/** Counts the trigger, runs what is local, plans the rest. */
export function trigger(
  subject: Subject,
  { now, budget, ...occasion }: Occasion & { readonly now: Time; readonly budget: WorkBudget },
  effects: Effect[],
): Progress {
  const { definition, progress } = subject.watcher;
  const { groups } = occasion;
  const first = effects.length;
  // Somebody waits for it: neither the cooldown nor the limit of triggers holds.
  const byHand = occasion.cause.kind === 'byHand';
  const matchedText = isMatch(occasion.cause) && typeof groups[0] === 'string' ? cutText(groups[0]) : null;
  const cause: CauseFields = {
    cause: occasion.cause,
    matchedText,
    place: isMatch(occasion.cause) ? (occasion.place ?? null) : null,
    captures: progress.variables,
  };
  const cooldownMs = definition.cooldownSeconds * 1000;
  if (!byHand && progress.lastTrigger !== null && isWithin(progress.lastTrigger, cooldownMs, now)) {
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
  const cancellation = subject.cancellation ?? findPlannedCancellation(subject, effects);
  const resubmission = subject.resubmission ?? findPlannedResubmission(subject, effects);
  const ready: Subject = {
    ...subject,
    cancellation,
    resubmission,
    watcher: { ...subject.watcher, progress: counted },
  };
  const plan = planActions(ready, occasion, budget);
  const what = byHand ? 'by hand' : isMatch(occasion.cause) ? (matchedText ?? '') : nameCause(occasion.cause);
  effects.push(toEvent({ kind: 'trigger', ...cause, result: [what, ...describeLeftOut(plan)].join('; ') }));
  const told = tellErrors(plan.errors, counted, effects);
  const run: Run = { definition, cause, effects, moves: [] };
  const [planned, reported] = keepBack(plan.actions, told, { subject, run, now });
  const { progress: after, rest } = runLocal(reported, planned, run);
  if (rest.length > 0)
    effects.push({ kind: 'act', entry: { ...toWaiting(cause, definition), actions: rest } });
  const left = byHand ? after : reachLimit(after, definition, effects);
  nameCauses(effects, first, occasion.cause);
  return left;
}

/** A script that is submitted again has captures as they are, or is refused. */
const toWaiting = (cause: CauseFields, { actions }: Subject['watcher']['definition']): CauseFields =>
  actions.some(isResubmission) ? cause : { ...cause, captures: cutWaitingCaptures(cause.captures) };

/** Watching ends with the last trigger that a watcher may have. */
function reachLimit(
  progress: Progress,
  { maxTriggers }: Subject['watcher']['definition'],
  effects: Effect[],
): Progress {
  if (maxTriggers === null || progress.triggerCount < maxTriggers) return progress;
  return moveTo(progress, { move: 'reachLimit', reason: `max_triggers (${maxTriggers}) reached` }, effects);
}

/** The first cancel_job that this step has planned already: one look may trigger many times. */
function findPlannedCancellation({ watcher }: Subject, effects: readonly Effect[]): Cancellation | undefined {
  const cancels = watcher.definition.actions.some((action) => isCancellation(action));
  if (!cancels) return undefined;
  for (const effect of effects) {
    const found =
      effect.kind === 'act' &&
      findCancellation(watcher.definition.name, effect.entry.cause, effect.entry.actions);
    if (found) return found;
  }
  return undefined;
}

/** The first resubmit that this step has planned already. */
function findPlannedResubmission({ watcher }: Subject, effects: readonly Effect[]): Resubmission | undefined {
  for (const effect of effects) {
    if (effect.kind !== 'act' && effect.kind !== 'actOn') continue;
    const found = findResubmission(watcher.definition.name, effect.entry.actions);
    if (found) return found;
  }
  return undefined;
}

export interface Plan {
  /** Conditions decided, parameters final. */
  readonly actions: readonly PlannedAction[];
  /** Actions that do not run, each with its reason. */
  readonly leftOut: readonly string[];
  readonly errors: readonly {
    readonly type: PlannedAction['type'];
    readonly message: string;
    /** Its condition took too long. */
    readonly stopped: boolean;
  }[];
}

const describeLeftOut = ({ leftOut }: Plan): readonly string[] =>
  leftOut.length === 0 ? [] : [`left out: ${leftOut.join(', ')}`];

/** The actions whose conditions hold, with their final parameters; a job that is being cancelled is not cancelled again. */
export function planActions(subject: Subject, { groups, cause }: Occasion, budget?: WorkBudget): Plan {
  const variables = toTemplateVariables(subject);
  const values = isMatch(cause)
    ? { groups, variables }
    : { groups: [nameCause(cause), ...groups.slice(1)], variables, isUnmatched: true };
  const captures = { ...toProgram(subject.watcher.definition).unset, ...subject.watcher.progress.variables };
  const actions: PlannedAction[] = [];
  const leftOut: string[] = [];
  const errors: Plan['errors'][number][] = [];
  let { cancellation, resubmission } = subject;
  /** How many of `actions` stand before a resubmit for which an earlier one does what they would do together. */
  let ofEarlier = 0;
  for (const { type, params, condition } of toProgram(subject.watcher.definition).actions) {
    const { holds, error, stopped = false } = judge(condition, () => toConditionVariables(subject), budget);
    if (error !== undefined) errors.push({ type, message: error, stopped });
    const action = holds ? maskSecrets(planAction(type, params, { values, captures })) : { type, params: {} };
    const obstacle = isCancellation(action)
      ? explainCancelled(subject.job, cancellation)
      : isResubmission(action)
        ? explainResubmitted(subject.job, resubmission)
        : undefined;
    if (stopped) leftOut.push(`${type} (its condition took too long)`);
    else if (!holds) leftOut.push(`${type} (${condition ? explainFalse(condition, subject) : ''})`);
    else if (obstacle !== undefined) {
      leftOut.push(`${type} (${obstacle})`);
      if (isResubmission(action) && resubmission?.cancels === true) ofEarlier = actions.length;
    } else {
      actions.push(action);
      cancellation ??= findCancellation(subject.watcher.definition.name, cause, [action]);
      resubmission ??= findResubmission(subject.watcher.definition.name, [action]);
    }
  }
  const leaveOut = ({ type }: PlannedAction): void => {
    leftOut.push(`${type} (resubmit cancels the job once the new one is there)`);
  };
  const late = actions.slice(0, ofEarlier).filter(isCancellation);
  late.forEach(leaveOut);
  const own = actions.filter((action) => !late.includes(action));
  return { actions: joinCancellations(own, leaveOut), leftOut, errors };
}

/** Each distinct error is told once. */
function tellErrors(errors: Plan['errors'], before: Progress, effects: Effect[]): Progress {
  let progress = before;
  for (const { type, message, stopped } of errors) {
    progress = tellOnce(progress, { action: type, result: message, captures: progress.variables }, effects);
    if (stopped) progress = countOverrun(progress, `the condition of ${type} took too long`, effects);
  }
  return progress;
}

/** An error event, if the watcher has not told it before. */
export function tellOnce(
  progress: Progress,
  error: Omit<Parameters<typeof toEvent>[0], 'kind'>,
  effects: Effect[],
): Progress {
  const { reportedErrors } = progress;
  const result = cutText(error.result);
  if (reportedErrors.includes(result)) return progress;
  effects.push(toEvent({ kind: 'error', ...error, result }));
  return { ...progress, reportedErrors: [...reportedErrors, result].slice(-maxReported) };
}

/** What the limit of actions a minute keeps back, for all triggers since together; gives what may run now. */
function keepBack(
  planned: readonly PlannedAction[],
  progress: Progress,
  { subject, run, now }: { readonly subject: Subject; readonly run: Run; readonly now: Time },
): readonly [readonly PlannedAction[], Progress] {
  const { cause, effects } = run;
  const kept = findKept(subject, effects);
  const isQueueing = kept !== undefined;
  const { recentActions } = progress;
  const split = splitByRate(planned, { recentActions, isQueueing, now });
  for (const { type, params } of split.late)
    effects.push(
      toEvent({
        kind: 'skip',
        action: type,
        params,
        ...cause,
        result: `kept back: more than ${maxActions} actions within a minute; the last one runs for all of them`,
      }),
    );
  if (split.late.length > 0) {
    const first: KeptBack = {
      kind: 'act',
      entry: {
        ...toWaiting(cause, run.definition),
        actions: split.late,
        notBefore: split.freeAt,
        standsFor: 1,
      },
    };
    effects.splice(kept?.place ?? effects.length, 1, kept ? addTo(kept.effect, first) : first);
  }
  return [split.ready, { ...progress, recentActions: split.recent }];
}

/** What a capture has made a secret of is none that is known: it is kept masked as any other. */
function maskSecrets<Action extends PlannedAction>(action: Action): Action {
  const { type, params } = action;
  const secrets = (findActionRow(type)?.params ?? []).filter(({ isSecret }) => isSecret);
  const masked = secrets.flatMap(({ name }) => {
    const value = params[name];
    return typeof value === 'string' ? [[name, maskWebhook(value)] as const] : [];
  });
  return masked.length === 0 ? action : { ...action, params: { ...params, ...Object.fromEntries(masked) } };
}

type KeptBack = Extract<Effect, { kind: 'act' | 'actOn' }>;

/** What is kept back already: by this step, at its place among the effects, or before it. */
function findKept(
  { keptBack }: Subject,
  effects: readonly Effect[],
): { readonly effect: KeptBack; readonly place: number } | undefined {
  for (const [place, effect] of effects.entries())
    if ((effect.kind === 'act' || effect.kind === 'actOn') && typeof effect.entry.standsFor === 'number')
      return { effect, place };
  return keptBack && { effect: { kind: 'actOn', entry: keptBack }, place: effects.length };
}

function addTo(
  kept: KeptBack,
  { entry: { cause, matchedText, place, captures, actions } }: KeptBack,
): KeptBack {
  const more = {
    cause,
    matchedText,
    place,
    captures,
    actions: mergeActions(kept.entry.actions, actions),
    standsFor: (kept.entry.standsFor ?? 1) + 1,
  };
  return kept.kind === 'act'
    ? { kind: 'act', entry: { ...kept.entry, ...more } }
    : { kind: 'actOn', entry: { ...kept.entry, ...more } };
}

/** What outcomes of a trigger's actions are told with, and what they ask for. */
interface Run {
  readonly definition: Subject['watcher']['definition'];
  readonly cause: CauseFields;
  readonly effects: Effect[];
  /** What the watcher does once its actions have run. */
  readonly moves: NonNullable<Outcome['watcher']>[];
}

/** Runs actions up to the first one that reaches outside; `rest` begins with it. */
function runLocal(
  before: Progress,
  actions: readonly PlannedAction[],
  run: Run,
): { readonly progress: Progress; readonly rest: readonly PlannedAction[] } {
  const end = actions.findIndex(runsOutside);
  const local = end === -1 ? actions : actions.slice(0, end);
  let progress = before;
  for (const action of local) {
    const outcome = toRefused(action) ?? findLocalAction(action.type)?.(action.params) ?? toUnknown(action);
    progress = takeOutcome(progress, { action, outcome }, run);
  }
  return { progress: makeMoves(progress, run), rest: actions.slice(local.length) };
}

/** One that must not run fails within the transaction. */
export const runsOutside = ({ type, refusal }: PlannedAction): boolean =>
  reachesOutside(type) && refusal === undefined;

const toRefused = ({ refusal }: PlannedAction): Outcome | undefined =>
  refusal === undefined ? undefined : { success: false, result: refusal };

const toUnknown = ({ type }: PlannedAction): Outcome => ({
  success: false,
  result: `This version cannot run ${type}.`,
});

function makeMoves(before: Progress, { moves, effects }: Run): Progress {
  let progress = before;
  for (const move of moves) progress = moveTo(progress, move, effects);
  return progress;
}

/** The event of an action, what it has found out or changed, and how it counts. */
function takeOutcome(
  progress: Progress,
  { action, outcome }: { readonly action: PlannedAction; readonly outcome: Outcome },
  { definition, cause, effects, moves }: Run,
): Progress {
  const { success, result, metric, job, watcher, output = null } = outcome;
  const told = { action: action.type, params: action.params, ...cause, result, output };
  if (outcome.isUnusable) return tellOnce(progress, told, effects);
  effects.push(toEvent({ kind: 'action', success, ...told }));
  if (metric) effects.push({ kind: 'metric', metric });
  if (job) effects.push({ kind: 'job', patch: job });
  if (watcher) moves.push(watcher);
  // A message that does not arrive says nothing of what the watcher watches: it goes on, whatever becomes of them.
  if (findActionRow(action.type)?.category === 'notification')
    return success ? progress : { ...progress, failureCount: progress.failureCount + 1 };
  return countOutcome(progress, success, definition.maxFailures, effects);
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
  return moveTo(failed, { move: 'fail', reason: `${maxFailures} actions failed in a row` }, effects);
}

const toCauseFields = ({ cause, matchedText, place, captures }: OutboxEntry): CauseFields => ({
  cause,
  matchedText,
  place,
  captures,
});

/** The first action of an entry has come to an end: its event, and what follows. */
export function continueTrigger(
  subject: Subject,
  { entry, now, ...outcome }: Outcome & { readonly entry: OutboxEntry; readonly now: Time },
  effects: Effect[],
): Progress {
  const { definition, progress } = subject.watcher;
  const [first, ...others] = entry.actions;
  if (!first) return progress;
  const cause = toCauseFields(entry);
  const run: Run = { definition, cause, effects, moves: [] };
  const stands = (entry.standsFor ?? 1) > 1 ? ` (the last of ${entry.standsFor ?? 1} triggers)` : '';
  const told = { ...outcome, result: `${outcome.result}${stands}` };
  // Others were counted when their trigger planned them.
  const noted =
    entry.standsFor === null
      ? progress
      : { ...progress, recentActions: countAction(progress.recentActions, now) };
  const counted = takeOutcome(noted, { action: first, outcome: told }, run);
  if (!outcome.success && findActionRow(first.type)?.outside?.stopsOnFailure) {
    for (const { type, params } of others)
      effects.push(
        toEvent({ kind: 'skip', action: type, params, ...cause, result: `${first.type} before it failed` }),
      );
    effects.push({ kind: 'actDone', id: entry.id });
    return makeMoves(counted, run);
  }
  const { progress: after, rest } = runLocal(counted, others, run);
  effects.push(
    rest.length > 0
      ? {
          kind: 'actOn',
          entry: {
            ...{ ...entry, actions: rest, started: false, attempts: 0, notBefore: 0 },
            ...{ retriedFor: null, successor: null },
          },
        }
      : { kind: 'actDone', id: entry.id },
  );
  return after;
}

/** The first action of an entry, a message, has to wait, and why. */
export interface Postponement {
  readonly entry: OutboxEntry;
  /** One sentence for people. */
  readonly why: string;
  readonly notBefore: Time;
  /** For what only a person can give; null if it was tried, and is tried again by itself. */
  readonly waitsFor: string | null;
  /** The trouble after which it is tried again; null if it waits for a person. */
  readonly retriedFor: string | null;
}

/** Told once. What follows in its trigger goes on without it: a message that waits holds up no cancellation. */
export function postpone(
  subject: Subject,
  { entry, why, notBefore, waitsFor, retriedFor }: Postponement,
  effects: Effect[],
): Progress {
  const { definition, progress } = subject.watcher;
  const [first, ...others] = entry.actions;
  if (!first) return progress;
  const cause = toCauseFields(entry);
  const attempts = waitsFor === null ? entry.attempts + 1 : entry.attempts;
  const later = { notBefore, attempts, waitsFor, retriedFor };
  let told = progress;
  if (waitsFor !== null)
    told = tellOnce(progress, { action: first.type, params: first.params, ...cause, result: why }, effects);
  else if (entry.attempts === 0) effects.push(toEvent({ kind: 'error', result: why, cause: entry.cause }));
  if (others.length === 0) {
    effects.push({ kind: 'actOn', entry: { ...entry, ...later, started: false } });
    return told;
  }
  const { standsFor } = entry;
  effects.push({ kind: 'act', entry: { ...cause, actions: [first], standsFor, ...later } });
  const { progress: after, rest } = runLocal(told, others, { definition, cause, effects, moves: [] });
  effects.push(
    rest.length > 0
      ? {
          kind: 'actOn',
          entry: {
            ...{ ...entry, actions: rest, started: false, attempts: 0, notBefore: 0 },
            ...{ waitsFor: null, retriedFor: null, successor: null },
          },
        }
      : { kind: 'actDone', id: entry.id },
  );
  return after;
}
