// Repairs of #SBATCH lines: values in the form that sbatch reads, and output that can be followed.
import type { Fix } from '../../language/problem';
import type { WrittenOption } from '../../language/sbatch/writtenOptions';
import { findLongOptions, sbatchRow, type SbatchRow } from '../../language/sbatch/optionTable';
import { isValueOf } from '../../language/sbatch/values';
import { sortByNearness } from './fieldRepairs';
import { insert, replace, toFix, type Trouble } from './edits';

const optionAt = ({ document, problem }: Trouble): WrittenOption | undefined =>
  document.sbatchLines
    .flatMap(({ options }) => options)
    .find(({ name, value }) => [name.start, value?.start].includes(problem.span.start));

/** What people write for the parts of a file name that sbatch fills in. */
const replacements: Readonly<Record<string, string>> = {
  USER: '%u',
  LOGNAME: '%u',
  SLURM_JOB_ID: '%j',
  SLURM_JOBID: '%j',
  SLURM_JOB_NAME: '%x',
  SLURM_ARRAY_JOB_ID: '%A',
  SLURM_ARRAY_TASK_ID: '%a',
};

export function repairOptionValue(trouble: Trouble): readonly Fix[] {
  const { problem, marked } = trouble;
  const written = optionAt(trouble);
  const [option] = written?.options ?? [];
  if (!written || !option) return [];
  const row = sbatchRow(option);
  if (!written.value)
    return row.example === undefined
      ? []
      : [toFix(`Write ${row.example}`, insert(problem.span.end, `=${row.example}`))];
  if (row.value === 'none')
    return [toFix('Remove the value', replace({ start: written.name.end, end: problem.span.end }, ''))];
  return proposeValues(row, marked)
    .filter((value) => value !== marked && isValueOf(row, value))
    .map((value) => toFix(`Write ${value}`, replace(problem.span, value)));
}

function proposeValues(row: SbatchRow, written: string): readonly string[] {
  switch (row.value) {
    case 'path':
      return [written.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => replacements[name] ?? whole)].filter(
        (path) => !path.includes('$'),
      );
    case 'memory':
      return toMemory(written);
    case 'time':
      return [written.replace(/^(\d+):(\d+):(\d+):(\d+)$/, '$1-$2:$3:$4')];
    case 'choice':
      return sortByNearness(written, row.choices ?? []);
    default:
      return [];
  }
}

const thousandth: Readonly<Record<string, string>> = { T: 'G', G: 'M', M: 'K' };

/** `64GiB` is 64G; sbatch takes no decimals: `5.5G` is 5632M. */
function toMemory(written: string): readonly string[] {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt])i?b?$/i.exec(written);
  if (!match) return [];
  const [amount, unit] = [Number(match[1]), (match[2] ?? '').toUpperCase()];
  if (Number.isInteger(amount)) return [`${amount}${unit}`];
  const smaller = thousandth[unit];
  return smaller === undefined ? [] : [`${Math.ceil(amount * 1024)}${smaller}`];
}

/** The beginning of a name that several options share. */
export const completeOption = ({ problem, marked }: Trouble): readonly Fix[] =>
  findLongOptions(marked.replace(/^--/, '')).map((name) =>
    toFix(`Write --${name}`, replace(problem.span, `--${name}`)),
  );

/** A file that watchers can read; of an array, one for each task. */
export function repairOutput({ problem, marked }: Trouble): readonly Fix[] {
  if (marked.startsWith('/dev/')) return [toFix('Write %x-%j.out', replace(problem.span, '%x-%j.out'))];
  const file = marked.replace(/["']/g, '').replace(/(\.[^./]*)?$/, (ending) => `-%A_%a${ending}`);
  return [toFix(`Write ${file}`, replace(problem.span, file))];
}
