// At most ten actions a minute and watcher of those that reach people or run programs; what is beyond waits its turn.
import { findActionRow } from '../language/actionTable';
import { isWithin } from './due';
import type { PlannedAction, Time } from './model';

/** Source: section 7 of the engine. */
export const maxActions = 10;
const windowMs = 60_000;

export interface RateSplit {
  /** What runs now, in the written order. */
  readonly ready: readonly PlannedAction[];
  readonly late: readonly PlannedAction[];
  /** The times that count now, those of `ready` among them. */
  readonly recent: readonly Time[];
  /** When the next one may run. */
  readonly freeAt: Time;
}

const counts = ({ type, refusal }: PlannedAction): boolean =>
  refusal === undefined && (findActionRow(type)?.outside?.countsAgainstRate ?? false);

/** While some are kept back, later ones queue behind them. */
export function splitByRate(
  actions: readonly PlannedAction[],
  {
    recentActions,
    isQueueing,
    now,
  }: {
    readonly recentActions: readonly Time[];
    readonly isQueueing: boolean;
    readonly now: Time;
  },
): RateSplit {
  const recent = recentActions.filter((time) => isWithin(time, windowMs, now));
  const ready: PlannedAction[] = [];
  const late: PlannedAction[] = [];
  for (const action of actions) {
    if (!counts(action)) ready.push(action);
    else if (isQueueing || recent.length >= maxActions) late.push(action);
    else {
      ready.push(action);
      recent.push(now);
    }
  }
  return { ready, late, recent, freeAt: (recent[0] ?? now) + windowMs };
}

/** The times that count once an action that was kept back has run. */
export const countAction = (recentActions: readonly Time[], now: Time): readonly Time[] =>
  [...recentActions.filter((time) => isWithin(time, windowMs, now)), now].slice(-maxActions);

/** The newest of each action: an older one of its type makes room for it, and what is new comes last. */
export function mergeActions(
  older: readonly PlannedAction[],
  newer: readonly PlannedAction[],
): readonly PlannedAction[] {
  const rest = [...newer];
  const replaced = older.map((action) => {
    const index = rest.findIndex(({ type }) => type === action.type);
    return index === -1 ? action : (rest.splice(index, 1)[0] ?? action);
  });
  return [...replaced, ...rest];
}
