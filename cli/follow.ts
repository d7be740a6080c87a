// Follows what an engine tells of a job: every event once, in order, until the job and all its tasks have ended.
import type { Job, JobKey, WatchEvent } from '../engine/model';
import type { EngineChange } from '../engine/protocol';
import { isOver } from '../engine/rules';

type News = Pick<EngineChange, 'jobs' | 'events'>;

export interface JobFollower {
  /** Takes news, each event once; also from before `begin`. */
  take(news: News): void;
  /** Names the job to follow. */
  begin(job: Job): void;
  /** Resolves with the job and its tasks, all of them ended. */
  readonly ended: Promise<readonly Job[]>;
}

export function createJobFollower(onEvent: (event: WatchEvent) => void): JobFollower {
  const jobs = new Map<JobKey, Job>();
  const early: News[] = [];
  let root: JobKey | undefined;
  let resolveEnded: (jobs: readonly Job[]) => void;
  const ended = new Promise<readonly Job[]>((resolve) => (resolveEnded = resolve));

  const apply = (news: News): void => {
    for (const job of news.jobs) if (job.key === root || job.parent === root) jobs.set(job.key, job);
    for (const event of news.events) {
      if (jobs.has(event.job)) onEvent(event);
    }
    if (jobs.size > 0 && [...jobs.values()].every(isOver)) resolveEnded([...jobs.values()]);
  };

  return {
    ended,
    take: (news) => {
      if (root === undefined) early.push(news);
      else apply(news);
    },
    begin: (job) => {
      root = job.key;
      for (const news of [{ jobs: [job], events: [] }, ...early]) apply(news);
    },
  };
}
