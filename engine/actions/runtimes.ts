// The table of actions that this engine can run; a script that uses another one is refused at submission.
import type { ActionType } from '../../language/actionTable';
import type { LocalAction, RemoteAction } from './action';
import { cancelJob } from './cancelJob';
import { logEvent } from './logEvent';
import { pauseWatcher } from './pauseWatcher';
import { storeMetric } from './storeMetric';

export type FindRuntime = (type: ActionType) => LocalAction | RemoteAction | undefined;

const runtimes: Partial<Record<ActionType, LocalAction | RemoteAction>> = {
  log_event: logEvent,
  store_metric: storeMetric,
  cancel_job: cancelJob,
  pause_watcher: pauseWatcher,
};

export const findRuntime: FindRuntime = (type) => runtimes[type];
