// The formats of sbatch's values, and their names for people.
import { isArraySpec } from './arraySpec';
import type { SbatchRow } from './optionTable';
import { parseTimeLimit } from './timeLimit';

/** Whether sbatch can read the value; true for texts without a format. Source: sbatch(1), each option. */
export function isValueOf({ value: kind, choices = [] }: SbatchRow, text: string): boolean {
  const known = (word: string): boolean =>
    choices.some((choice) => choice.toLowerCase().startsWith(word.trim().toLowerCase()));
  switch (kind) {
    case 'none':
    case 'text':
    case 'path':
    case 'folder':
      return true;
    case 'count':
      return /^\d+[km]?$/i.test(text);
    case 'time':
      return parseTimeLimit(text) !== undefined;
    case 'memory':
      return /^\d+(?:[kmgt]?b?)?$/i.test(text);
    case 'array':
      return isArraySpec(text);
    case 'choice':
      return known(text);
    case 'choices':
      return text.split(',').every(known);
  }
}

export function describeKind({ value: kind, choices = [] }: SbatchRow): string {
  switch (kind) {
    case 'count':
      return 'whole number';
    case 'time':
      return 'time such as 90, 12:00:00 or 1-00:00:00';
    case 'memory':
      return 'whole number with K, M, G or T behind it, such as 64G';
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
