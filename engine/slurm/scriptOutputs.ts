// Where a job of ours writes, from its script and options alone: for jobs that only accounting remembers.
import type { Job } from '../model';
import { optionsOf } from './batchOptions';
import { defaultOutput, expandOutputPath } from './outputPath';

/** Null for what cannot be known: the user's name, a task's own number, the node before it is. */
export function findScriptOutputs({ id, name, submission }: Job, nodes: string): Job['outputs'] {
  if (!submission) return { stdout: null, stderr: null };
  const options = optionsOf(submission);
  const [, jobId = id, task] = /^(\d+)_(\d+)$/.exec(id) ?? [];
  const node = firstNode(nodes);
  const unknown = [...(task === undefined ? [] : ['j', 'J']), ...(node === '' ? ['N'] : []), 'u'];
  const names = {
    jobId,
    arrayJobId: jobId,
    arrayTask: task === undefined ? null : Number(task),
    jobName: name,
    user: '',
    node,
    workdir: toFolder(options.get('chdir'), submission.workdir),
  };
  const expand = (pattern: string): string | null =>
    new RegExp(`%\\d*[${unknown.join('')}]`).test(pattern) ? null : expandOutputPath(pattern, names);
  const stdout = expand(options.get('output') ?? defaultOutput(task !== undefined));
  const error = options.get('error');
  return { stdout, stderr: error === undefined ? stdout : expand(error) };
}

export const toFolder = (chdir: string | undefined, workdir: string): string => {
  if (chdir === undefined) return workdir;
  return chdir.startsWith('/') ? chdir : `${workdir.replace(/\/$/, '')}/${chdir}`;
};

/** `gpu[003-007]` is gpu003 first, without its domain. */
const firstNode = (nodes: string): string =>
  nodes.replace(/^([^,[]*)(?:\[([^\],-]*).*|,.*)?/s, '$1$2').split('.')[0] ?? '';
