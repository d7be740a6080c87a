// The formats of sbatch's values, and their names for people.
import { isArraySpec } from './arraySpec';
import type { SbatchRow } from './optionTable';
import { parseTimeLimit } from './timeLimit';

/** Whether sbatch can read the value; true for texts without a format. Source: sbatch(1), each option. */
export function isValueOf(row: SbatchRow, text: string): boolean {
  const { value: kind, choices = [] } = row;
  const known = (word: string): boolean =>
    choices.some((choice) => choice.toLowerCase() === word.toLowerCase()) ||
    (row.byFirstLetter === true && choices.some((choice) => choice[0] === word[0]?.toLowerCase()));
  switch (kind) {
    case 'none':
    case 'text':
    case 'path':
    case 'folder':
      return true;
    case 'count':
      return /^\s*\+?\d+$/.test(text) && (row.nothing === true || Number(text) > 0);
    case 'nodes':
      return isNodeCount(text);
    case 'time':
      return parseTimeLimit(text) !== undefined;
    case 'memory':
      return /^\s*\+?\d+(?:[kmgt]b?)?$/i.test(text);
    case 'array':
      return isArraySpec(text);
    case 'choice':
      return known(text);
    case 'choices':
      return text.split(',').every((word) => word === '' || known(word));
  }
}

/** `2`, `2-4`, `1k`, and since Slurm 23.02 a list such as `1,4-16:4`. */
function isNodeCount(text: string): boolean {
  const range = /^\s*(\d+)[km]?\s*(?:-\s*(\d+)([km]?)\s*)?$/i.exec(text);
  if (range) return range[2] === undefined || range[3] !== '' || Number(range[2]) >= Number(range[1]);
  return /^\d+(?:-\d+(?::\d+)?)?(?:,\d+(?:-\d+(?::\d+)?)?)*$/.test(text);
}

export function describeKind({ value: kind, choices = [], nothing }: SbatchRow): string {
  switch (kind) {
    case 'count':
      return nothing ? 'whole number' : 'whole number above 0';
    case 'nodes':
      return 'number of nodes such as 2 or 2-4';
    case 'time':
      return 'time such as 90, 12:00:00 or 1-00:00:00';
    case 'memory':
      return 'whole number with K, M, G or T after it, such as 64G';
    case 'array':
      return 'list of indexes such as 0-15, 1,3,5 or 0-99%10';
    case 'choice':
    case 'choices':
      return `word among ${choices.join(', ')}`;
    case 'path':
      return 'file';
    case 'folder':
      return 'folder';
    case 'none':
    case 'text':
      return 'text';
  }
}
