// What may be done when: whether a job is over, what can be asked of a watcher, and what refuses a script that is handed in.
import type { Problem, ProblemCode } from '../language/problem';
import { isLive } from './job';
import { findMove } from './lifecycle';
import type { ClusterStatus, Job, Watcher } from './model';

/** Why something is not done, and what can be done instead. */
export interface Refusal {
  readonly message: string;
  readonly remedy: string;
}

/** Whether the folders of a cluster are another machine's; one that is not known is taken for a host of ssh. */
export const isBehindSsh = (
  clusters: readonly Pick<ClusterStatus, 'name' | 'kind'>[],
  name: string,
): boolean => (clusters.find((cluster) => cluster.name === name)?.kind ?? 'ssh') === 'ssh';

/** Nothing more will come of it. */
export const isOver = (job: Pick<Job, 'phase'>): boolean => !isLive(job);

export const canPause = ({ progress }: Watcher): boolean => findMove(progress.state, 'pause') !== undefined;
export const canResume = ({ progress }: Watcher): boolean => findMove(progress.state, 'resume') !== undefined;

/** One that has come to its end watches again while its job lives. `job`: undefined if nobody knows it any more. */
export function explainNoRearm({ definition, progress }: Watcher, job: Job | undefined): Refusal | undefined {
  const { name } = definition;
  if (!job || isOver(job) || job.phase === 'draining')
    return {
      message: `The job of "${name}" has ended.`,
      remedy: 'Trigger the watcher by hand, or attach another one to the job.',
    };
  if (findMove(progress.state, 'rearm') !== undefined) return undefined;
  return {
    message: `"${name}" is ${progress.state}: only triggered, disabled and completed watchers are re-armed.`,
    remedy: progress.state === 'paused' ? 'Resume it.' : 'Nothing needs to be done.',
  };
}

export const canRearm = (watcher: Watcher, job: Job | undefined): boolean =>
  explainNoRearm(watcher, job) === undefined;

/** While its job lives: what a job that has ended printed is not watched any more. */
export function explainNoEdit({ definition }: Watcher, job: Job | undefined): Refusal | undefined {
  if (job && !isOver(job) && job.phase !== 'draining') return undefined;
  return {
    message: `The job of "${definition.name}" has ended: the watcher matches nothing more.`,
    remedy: 'Attach another watcher to the job, and trigger it by hand.',
  };
}

/** By hand, on a job that has ended too. The watchers of an array are templates: its tasks have their own. */
export function explainNoTrigger({ definition }: Watcher, job: Job | undefined): Refusal | undefined {
  if (job?.isArray !== true) return undefined;
  return {
    message: `"${definition.name}" is the template of an array's watchers.`,
    remedy: 'Trigger the watcher of a task.',
  };
}

export const canTrigger = (watcher: Watcher, job: Job | undefined): boolean =>
  explainNoTrigger(watcher, job) === undefined;

/** Warnings while a script is being written that refuse it when it is handed in. */
const refusing: readonly ProblemCode[] = ['crlf-script'];

/** A script's problems as they count when it is handed in: what refuses it is an error. */
export const toSubmissionProblems = (problems: readonly Problem[]): readonly Problem[] =>
  problems.map((problem) => (refusing.includes(problem.code) ? { ...problem, severity: 'error' } : problem));
