// Jobs, watchers and events for tests: plain ones, with what a test is about.
import type { Job, Progress, Watcher, WatchEvent } from '../engine/model';
import { initialProgress } from '../engine/progress';
import { ownsAll } from '../engine/watching/ownBytes';
import type { Definition } from '../language/definition';
import { parseScript } from '../language/script';

export const toJob = (part: Partial<Job> = {}): Job => ({
  key: 'sandbox 12',
  cluster: 'sandbox',
  id: '12',
  parent: null,
  isArray: false,
  name: 'train',
  phase: 'running',
  state: 'RUNNING',
  endState: null,
  reason: '',
  submitted: 0,
  started: null,
  ended: null,
  exitCode: null,
  restarts: 0,
  taskEnds: null,
  cancelledBy: null,
  outputs: { stdout: null, stderr: null },
  own: ownsAll,
  submission: null,
  ...part,
});

export function toWatcher(definition: Partial<Definition> = {}, progress: Partial<Progress> = {}): Watcher {
  const [parsed] = parseScript('#WATCHER name=loss pattern="(a)(b)(c)"').watchers;
  if (!parsed) throw new TypeError('no watcher');
  return {
    id: 'w1',
    job: 'sandbox 12',
    definition: { ...parsed.definition, ...definition },
    lines: { first: 1, last: 1 },
    progress: { ...initialProgress, ...progress },
  };
}

export const toEvent = (part: Partial<WatchEvent> = {}): WatchEvent => ({
  id: 1,
  time: 0,
  cluster: 'sandbox',
  job: 'sandbox 12',
  jobId: '12',
  watcherId: 'w1',
  watcher: 'loss',
  kind: 'action',
  cause: null,
  action: 'log_event',
  success: true,
  matchedText: null,
  captures: {},
  params: {},
  result: 'said',
  ...part,
});
