// The actions that reach outside, as many as this version has: what they need beside their job's cluster are ports given here.
import type { OutsideActions } from './action';
import { cancelJob } from './cancelJob';
import { resubmit } from './resubmit';
import { runCommand } from './runCommand';

export const createActions = (): OutsideActions => ({
  cancel_job: cancelJob,
  resubmit,
  run_command: runCommand,
});
