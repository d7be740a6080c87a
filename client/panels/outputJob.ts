// The job of an output panel as its page says it: as the engine knows it, or as its cluster lists it.
import type { Job } from '../../engine/model';
import type { JobReport } from '../../engine/protocol';
import { isOver } from '../../engine/rules';
import { describeState, toStateWords } from '../../engine/words';
import { toJobEndState } from '../../language/jobStates';
import type { ShownJob } from '../../webviews/output/protocol';
import { toJobLook, toWatchedJobLook } from '../jobLook';

export function fromOwnJob(job: Job, limitSeconds: number | null): ShownJob {
  const { name, id, cluster, started, ended, outputs } = job;
  return {
    ...{ name, id, cluster, started, ended, limitSeconds, outputs },
    state: describeState(job),
    look: toWatchedJobLook(job),
    canCancel: !isOver(job) && id !== '' && job.endState === null,
  };
}

export function fromReport(cluster: string, report: JobReport): ShownJob {
  const { name, id, started, ended, outputs, timeLimitSeconds } = report;
  return {
    ...{ name, id, cluster, started, ended, limitSeconds: timeLimitSeconds, outputs },
    state: toStateWords(report.state),
    look: toJobLook(report),
    canCancel: toJobEndState(report.state) === null,
  };
}
