// How a watcher begins: at byte 0 of the output, active, with nothing seen.
import type { Progress } from './model';

/** A watcher of a script begins at byte 0 of the output. */
export const initialProgress: Progress = {
  state: 'active',
  stateReason: null,
  position: { stdout: 0, stderr: 0 },
  mark: { stdout: null, stderr: null },
  seen: { stdout: 0, stderr: 0 },
  readTrouble: { stdout: null, stderr: null },
  variables: {},
  lastGroups: null,
  held: null,
  triggerCount: 0,
  failureCount: 0,
  consecutiveFailures: 0,
  lastCheck: null,
  lastMatch: null,
  lastTrigger: null,
  nextCheck: null,
  deadlines: {},
  backoff: 1,
  reportedErrors: [],
  patternOverruns: 0,
  recentActions: [],
};
