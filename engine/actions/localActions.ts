// The table of actions that take effect within the transaction of their trigger.
import type { LocalActionType } from '../../language/actionTable';
import type { LocalAction } from './action';
import { logEvent } from './logEvent';
import { pauseWatcher } from './pauseWatcher';
import { storeMetric } from './storeMetric';

const localActions: Readonly<Record<LocalActionType, LocalAction>> = {
  log_event: logEvent,
  store_metric: storeMetric,
  pause_watcher: pauseWatcher,
};

/** Undefined for one that reaches outside, or that this version does not know. */
export const findLocalAction = (type: string): LocalAction | undefined =>
  Object.hasOwn(localActions, type) ? localActions[type as LocalActionType] : undefined;
