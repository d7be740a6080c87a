// The environment of Slurm's commands: what would change an answer is taken out, what makes it readable is set.

/** Names in the environment that begin like this, but SLURM_CONF, as words for `unset`; what they are is up to the shell. */
const unsetAll = (prefixes: readonly string[]): string => {
  const patterns = prefixes.map((prefix) => `-e 's/^\\(${prefix}[A-Za-z0-9_]*\\)=.*/\\1/p'`).join(' ');
  return `unset NODE_OPTIONS $(env | sed -n ${patterns} | sed -e '/^SLURM_CONF$/d')`;
};

/** What would hide jobs or send a query elsewhere. Source: squeue(1) and sacct(1), "ENVIRONMENT VARIABLES". */
export const cleanQueryEnvironment = `${unsetAll(['SQUEUE_', 'SACCT_', 'SCANCEL_', 'SBATCH_', 'SLURM_'])}
LC_ALL=C SLURM_TIME_FORMAT=%s SLURM_BITSTR_LEN=0
export LC_ALL SLURM_TIME_FORMAT SLURM_BITSTR_LEN`;

/** A job that is submitted from within a job or an editor must not inherit what belongs to those. */
export const cleanSubmitEnvironment = unsetAll(['SLURM_', 'SBATCH_', 'VSCODE_', 'ELECTRON_']);

/** As for what is submitted; and what an engine that was started by a command has of that command is none of this one's. */
export const cleanCommandEnvironment = unsetAll(['SLURM_', 'SBATCH_', 'VSCODE_', 'ELECTRON_', 'WATCHER_']);
