// cancel_job: cancels the job, or the array task alone; cancelling twice is cancelling once.
import { textOf, type RemoteAction } from './action';

export const cancelJob: RemoteAction = {
  kind: 'remote',
  idempotent: true,
  stopsOnFailure: true,
  waits: false,
  run: async (params, { job, cluster }) => {
    await cluster.cancel(job.id);
    const reason = textOf(params, 'reason');
    return `job ${job.id} is being cancelled${reason === undefined ? '' : `: ${reason}`}`;
  },
};
