// A batch script as a whole: its directives, its #SBATCH lines, and everything that is wrong with either.
import type { Problem } from './problem';
import { findSbatchLines, type SbatchLine } from './sbatch/lines';
import { findSbatchProblems, type Watched } from './sbatch/problems';
import type { Script } from './script';

export interface BatchScript {
  readonly script: Script;
  readonly sbatchLines: readonly SbatchLine[];
  /** Of directives and of #SBATCH lines, in the order of their places. */
  readonly problems: readonly Problem[];
}

/** What the editor and `slurm-watchers lint` say of a text, whose directives are read already. */
export function checkBatchScript(text: string, script: Script): BatchScript {
  const sbatchLines = findSbatchLines(text, [...script.directives, ...script.loginSetups]);
  const problems = [...script.problems, ...findSbatchProblems(text, sbatchLines, toWatched(script))];
  problems.sort((a, b) => a.span.start - b.span.start);
  return { script, sbatchLines, problems };
}

function toWatched({ watchers }: Script): Watched {
  const reads = (output: 'stdout' | 'stderr'): boolean =>
    watchers.some(({ definition: { outputType } }) => outputType === output || outputType === 'both');
  return { stdout: reads('stdout'), stderr: reads('stderr') };
}
