// Where a job of ours writes, from its script and options alone: for jobs that only accounting remembers.
import type { Job } from '../model';
import { parseBatchOptions } from './batchOptions';
import { defaultOutput, expandOutputPath } from './outputPath';

/** Null for what cannot be known: the user's name, and the node before it is. Source: sbatch(1), "filename pattern". */
export function findScriptOutputs({ id, name, submission }: Job, nodes: string): Job['outputs'] {
  if (!submission) return { stdout: null, stderr: null };
  const options = parseBatchOptions(submission.cleanScript, submission.options);
  const [, jobId = id, task] = /^(\d+)_(\d+)$/.exec(id) ?? [];
  const workdir = expandOutputPath((options.get('chdir') ?? '.').replaceAll('%', '%%'), {
    ...{ jobId, arrayJobId: jobId, arrayTask: null, jobName: name, user: '', node: '' },
    workdir: submission.workdir,
  }).replace(/\/\.$/, '');
  const node = firstNode(nodes);
  const expand = (pattern: string): string | null => {
    if (/%\d*u/.test(pattern) || (node === '' && /%\d*N/.test(pattern))) return null;
    // A task's own number (%j) is known only to the queue.
    if (task !== undefined && /%\d*[jJ]/.test(pattern)) return null;
    const arrayTask = task === undefined ? null : Number(task);
    return expandOutputPath(pattern, {
      ...{ jobId, arrayJobId: jobId, arrayTask, jobName: name, user: '', node },
      workdir,
    });
  };
  const stdout = expand(options.get('output') ?? defaultOutput(task !== undefined));
  const error = options.get('error');
  return { stdout, stderr: error === undefined ? stdout : expand(error) };
}

/** `gpu[003-007]` is gpu003 first, without its domain. */
const firstNode = (nodes: string): string =>
  nodes.replace(/^([^,[]*)(?:\[([^\],-]*).*|,.*)?$/, '$1$2').split('.')[0] ?? '';
