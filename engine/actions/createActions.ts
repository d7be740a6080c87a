// The actions that reach outside, as many as this version has; the runner of the outbox alone is given them.
import type { OutsideActions } from './action';
import { cancelJob } from './cancelJob';

export const createActions = (): OutsideActions => ({
  cancel_job: cancelJob,
});
