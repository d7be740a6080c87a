// cancel_job: cancels the job, or the array task alone; cancelling twice is cancelling once.
import { toCancellation } from '../cancellation';
import { textOf, type OutsideAction } from './action';

export const cancelJob: OutsideAction = {
  run: async (params, { job, cluster, watcher, cause }) => {
    await cluster.cancel(job.id);
    const reason = textOf(params, 'reason') ?? null;
    return {
      success: true,
      result: `job ${job.id} is being cancelled${reason === null ? '' : `: ${reason}`}`,
      job: { cancelledBy: toCancellation(watcher, cause, reason) },
    };
  },
};
