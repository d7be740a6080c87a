// Slurm's file name patterns: `%j`, `%A_%a`, `%5a`, `%x` and their sisters, expanded as slurmstepd does.

export interface OutputNames {
  readonly jobId: string;
  readonly arrayJobId: string;
  readonly arrayTask: number | null;
  readonly jobName: string;
  readonly user: string;
  readonly node: string;
  readonly workdir: string;
}

/** What sbatch writes where no --output is given. */
export const defaultOutput = (isArray: boolean): string => (isArray ? 'slurm-%A_%a.out' : 'slurm-%j.out');

/** Absolute path. Source: sbatch(1), "filename pattern". */
export function expandOutputPath(pattern: string, names: OutputNames): string {
  // A backslash switches the patterns off.
  if (pattern.includes('\\')) return toAbsolute(pattern.replaceAll('\\', ''), names.workdir);
  const expanded = pattern.replace(/%(\d*)([a-zA-Z%])/g, (whole, width: string, letter: string) => {
    const value = toValue(letter, names);
    if (value === undefined) return whole;
    const isNumber = /^\d+$/.test(value) && letter !== 'u' && letter !== 'x';
    return isNumber ? value.padStart(Math.min(10, Number(width || 0)), '0') : value;
  });
  return toAbsolute(expanded, names.workdir);
}

function toValue(
  letter: string,
  { jobId, arrayJobId, arrayTask, jobName, user, node }: OutputNames,
): string | undefined {
  switch (letter) {
    case '%':
      return '%';
    case 'A':
      return arrayJobId;
    case 'a':
      return arrayTask === null ? '4294967294' : String(arrayTask);
    case 'J':
    case 'j':
      return jobId;
    case 'N':
      return node;
    case 'n':
    case 't':
      return '0';
    case 's':
      return 'batch';
    case 'u':
      return user;
    case 'x':
      return jobName;
    default:
      return undefined;
  }
}

const toAbsolute = (path: string, workdir: string): string =>
  path.startsWith('/') ? path : `${workdir.replace(/\/$/, '')}/${path}`;
