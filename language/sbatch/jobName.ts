// The name of a job: what its script's #SBATCH lines say, else what the script is called.
import { findOption } from './modifyOptions';

/** `fileName`: without its folder. Variables of the environment and options of the command line are not known here. */
export function findJobName(script: string, fileName: string): string {
  const written = findOption({ script, options: [] }, 'job-name')?.replace(/^--job-name=?/, '') ?? '';
  return written === '' ? fileName : written;
}
