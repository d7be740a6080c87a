// How jobs, watchers and events are put into words, the same in every client and for screen readers.
import type { Job, JobKey, Time, Watcher, WatchEvent } from './model';
import type { JobEndState, JobState } from '../language/jobStates';
import { toVisible } from '../language/show/visible';
import { toStates, type EndCounts } from './arrayEnd';

/** `1 watcher`, `3 watchers`; `plural` for a noun that takes more than an s. */
export const count = (number: number, noun: string, plural = `${noun}s`): string =>
  `${number} ${number === 1 ? noun : plural}`;

/** Text of a job's output on one line, cut at `length`: ends of lines are blanks, what cannot be seen is an escape. */
export function toOneLine(text: string, length = 200): string {
  const line = toVisible(text.replace(/[\t\n\r]+/g, ' ')).trim();
  return line.length > length ? `${line.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
}

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/** How long, in the largest unit that fits: `42 s`, `2 min`, `3 h`, `5 d`. */
export function toDuration(milliseconds: number): string {
  const passed = Math.max(0, milliseconds);
  if (passed < minute) return `${Math.floor(passed / 1000)} s`;
  if (passed < hour) return `${Math.floor(passed / minute)} min`;
  if (passed < day) return `${Math.floor(passed / hour)} h`;
  return `${Math.floor(passed / day)} d`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** As Slurm prints it: `[days-]hours:minutes:seconds`. */
export function toSlurmDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const clock = [two(hours), two(Math.floor(seconds / 60) % 60), two(seconds % 60)].join(':');
  return days === 0 ? clock : `${days}-${clock}`;
}

export const toAge = (time: Time, now: Time): string =>
  now - time < 5000 ? 'just now' : `${toDuration(now - time)} ago`;

export const nameJob = ({ id, name }: Job): string => (id === '' ? name : `${name} (job ${id})`);

/** `running`, `out of memory`: Slurm's state, or an end, in words. */
export const toStateWords = (state: JobState | JobEndState): string =>
  state.toLowerCase().replaceAll('_', ' ');

/** The state of a watched job in words; of one that is no job of its cluster, its phase. */
export const describeState = ({ phase, state, endState }: Job): string =>
  phase === 'submitting' || phase === 'refused' ? phase : toStateWords(endState ?? state);

/** `job 12 · running · 3 min` (nothing within the first minute), `job 12 · pending · Resources`, `job 12 · cancelled · 2 min ago`. */
export function describeJob(job: Job, now: Time): string {
  const { id, started, ended, reason, endState, cancelledBy } = job;
  const by =
    endState === 'cancelled' && cancelledBy
      ? ` by ${cancelledBy.watcher === null ? 'you' : `"${cancelledBy.watcher}"`}`
      : '';
  const parts = [...(id === '' ? [] : [`job ${id}`]), describeState(job) + by];
  if (ended !== null) parts.push(toAge(ended, now));
  else if (started !== null && now - started >= minute) parts.push(toDuration(now - started));
  else if (started === null && reason !== '') parts.push(reason);
  return parts.join(' · ');
}

/**
 * `job 3 of 5, from job 41, by watcher "oom"`, and of the first job of a chain `job 1 of 5`, if `find` knows the one that continues
 * it; undefined for a job that is in no chain.
 */
export function describeChain(
  { chain, successor }: Pick<Job, 'chain' | 'successor'>,
  find: (key: JobKey) => Pick<Job, 'chain'> | undefined = () => undefined,
): string | undefined {
  if (chain !== null)
    return `job ${chain.number} of ${chain.of}, from job ${chain.from}, by watcher "${chain.watcher}"`;
  if (successor === null) return undefined;
  const of = find(successor)?.chain?.of;
  return of === undefined ? 'job 1' : `job 1 of ${of}`;
}

/** `Job 12 continues it (resubmit by "oom", job 2 of at most 3).`; undefined for a job that continues no other. */
export const describeNext = ({ id, chain }: Pick<Job, 'id' | 'chain'>): string | undefined =>
  chain === null
    ? undefined
    : `Job ${id} continues it (resubmit by "${chain.watcher}", job ${chain.number} of at most ${chain.of}).`;

/** `3` of `4242_3`; 0 of a job that is not an array task. */
export const toTaskNumber = ({ id }: Pick<Job, 'id'>): number => Number(/_(\d+)$/.exec(id)?.[1] ?? 0);

export const nameTask = (task: number): string => `Task ${task}`;

/** Lines of a command's output that have something in them. */
export const findLines = (output: string): readonly string[] =>
  output
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** A task under its array: `running · 3 min · 2 triggers`. What its watchers did counts together. */
export function describeTask(task: Job, watchers: readonly Watcher[], now: Time): string {
  const triggers = watchers.reduce((sum, { progress }) => sum + progress.triggerCount, 0);
  const words = describeJob({ ...task, id: '' }, now);
  return watchers.length === 0 ? words : `${words} · ${count(triggers, 'trigger')}`;
}

const shownVariables = 3;

/** `3 triggers · loss=0.31 · 2 min ago`; the state too if it is neither watching nor done with its job. */
export function describeWatcher({ definition, progress }: Watcher, now: Time): string {
  const { state, triggerCount, failureCount, variables, lastMatch } = progress;
  const named = definition.captures.flatMap((name) => {
    const value = name === null ? undefined : variables[name];
    return value === undefined ? [] : [`${name ?? ''}=${toOneLine(value, 24)}`];
  });
  return [
    ...(state === 'active' || state === 'completed' ? [] : [state]),
    count(triggerCount, 'trigger'),
    ...(failureCount > 0 ? [count(failureCount, 'failure')] : []),
    ...(named.length > 0 ? [named.slice(0, shownVariables).join(' ')] : []),
    ...(lastMatch === null ? [] : [toAge(lastMatch, now)]),
  ].join(' · ');
}

export type Level = 'error' | 'warning' | 'info';

/** How serious an event is for the person. */
export function toLevel({ kind, success, params }: WatchEvent): Level {
  const level = params['level'];
  if (kind === 'error' || success === false || level === 'error') return 'error';
  return kind === 'gap' || kind === 'skip' || level === 'warning' ? 'warning' : 'info';
}

/** ` (2 FAILED, 97 COMPLETED)`, the worst first; empty if all ended alike. */
export function describeCounts(counts: EndCounts | null): string {
  const states = toStates(counts ?? {});
  return states.length < 2
    ? ''
    : ` (${states.map((state) => `${counts?.[state] ?? 0} ${state}`).join(', ')})`;
}

/** An action that waits for what only a person can give. */
export const describeWait = (action: string, reason: string): string => `${action} waits: ${reason}`;

/** Why an action waits, if that is what the event tells. */
export function findWait({
  kind,
  action,
  result,
}: Pick<WatchEvent, 'kind' | 'action' | 'result'>): string | undefined {
  const begin = describeWait(action ?? '', '');
  return kind === 'error' && action !== null && result.startsWith(begin)
    ? result.slice(begin.length)
    : undefined;
}

/** Of a script whose watchers are given to a job that is there: its login set-up belongs to a submission alone. */
export const describeSkippedSetup = (script: string): string =>
  `The login set-up of ${script} is not run: the job has been submitted already.`;
