// Options of sbatch that the user's own start-up files set (`SBATCH_OUTPUT` and its sisters): they win over the script's.
import { fieldEnd } from './table';

/** Those that say where a job's output is and whether it is emptied. Source: sbatch(1), "INPUT ENVIRONMENT VARIABLES". */
const names = {
  SBATCH_OUTPUT: 'output',
  SBATCH_ERROR: 'error',
  SBATCH_OPEN_MODE: 'open-mode',
  SBATCH_JOB_NAME: 'job-name',
  SBATCH_REQUEUE: 'requeue',
  SBATCH_NO_REQUEUE: 'no-requeue',
} as const;

/** Prints those that are set, for any POSIX shell. */
export const givenCommand = `{ ${Object.keys(names)
  .map((name) => `[ -z "\${${name}+x}" ] || printf '%s=%s\\037' ${name} "$${name}"`)
  .join('; ')}; }`;

/** As words for sbatch, `--output=x`; what is none of ours is left out. */
export function parseGiven(text: string): readonly string[] {
  return text.split(fieldEnd).flatMap((entry) => {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(entry) ?? [];
    if (!Object.hasOwn(names, name)) return [];
    const option = names[name as keyof typeof names];
    return [/requeue/.test(option) ? `--${option}` : `--${option}=${value}`];
  });
}
