// What stands in a script's outputs before it is handed over: looked at first, because what is there then is not the job's.
import { parseArraySpec } from '../../language/sbatch/arraySpec';
import type { FileLook, OwnBytes, OwnFile, Submission, Time } from '../model';
import type { Cluster } from '../ports';
import { optionsOf } from '../slurm/batchOptions';
import { defaultOutput, expandOutputPath } from '../slurm/outputPath';
import { toFolder } from '../slurm/scriptOutputs';
import { lookAt, ownsUnknown } from './ownBytes';

/** Of an array with more tasks that have names of their own, the rest is decided when it is seen. */
const maxPaths = 1000;

/** The paths that are known before the job has a number; names with a number in them are new each time. */
export function findStandingOutputs(submission: Submission): readonly string[] {
  const { scriptName, workdir } = submission;
  const values = optionsOf(submission);
  const array = values.get('array');
  const tasks = array === undefined ? [null] : (parseArraySpec(array)?.tasks ?? []);
  const patterns = [values.get('output') ?? defaultOutput(array !== undefined), values.get('error')];
  const paths = patterns.flatMap((pattern) => {
    // The user, the node and the number are not known here.
    if (pattern === undefined || (!pattern.includes('\\') && /%\d*[AjJuN]/.test(pattern))) return [];
    const ofTasks = /%\d*a/.test(pattern) ? tasks : [null];
    return ofTasks.slice(0, maxPaths).map((arrayTask) =>
      expandOutputPath(pattern, {
        ...{ jobId: '', arrayJobId: '', arrayTask, user: '', node: '' },
        jobName: values.get('job-name') ?? scriptName,
        workdir: toFolder(values.get('chdir'), workdir),
      }),
    );
  });
  return [...new Set(paths)];
}

/** Throws what the cluster throws that cannot be reached. */
export async function lookAtSubmission(
  submission: Submission,
  cluster: Cluster,
  now: Time,
): Promise<OwnBytes> {
  const paths = findStandingOutputs(submission);
  const looks = await lookAt(paths, (requests) => cluster.read(requests), now);
  const toFile = (before: FileLook | 'absent'): OwnFile => ({ from: null, before, closed: null });
  return {
    ...ownsUnknown,
    files: Object.fromEntries([...looks].map(([path, before]) => [path, toFile(before)])),
    appends: await cluster.appendsByDefault(),
  };
}
