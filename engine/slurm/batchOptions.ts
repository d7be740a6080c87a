// The options of a batch script: `#SBATCH` lines before the first command, and words after them that win.
import { findSbatchLines } from '../../language/sbatch/lines';
import { readOptions } from '../../language/sbatch/writtenOptions';
import type { Submission } from '../model';

export type BatchOptions = ReadonlyMap<string, string>;

/** Long names to values; later ones win, flags have an empty value. Of a heterogeneous job, those of its first component. */
export function parseBatchOptions(script: string, words: readonly string[]): BatchOptions {
  const lines = findSbatchLines(script).filter(
    ({ ignored, component }) => ignored === null && component === 0,
  );
  const given = words.map((text) => ({ text, start: 0, end: text.length }));
  const options = new Map<string, string>();
  for (const { options: meant, value } of [
    ...lines.flatMap(({ options: written }) => written),
    ...readOptions(given),
  ])
    for (const name of meant.length === 1 ? meant : []) options.set(name, value?.text ?? '');
  return options;
}

/** As sbatch took them: the script's, those of the user's own start-up files, those of the command line; later ones win. */
export const optionsOf = ({
  cleanScript,
  given = [],
  options,
}: Pick<Submission, 'cleanScript' | 'given' | 'options'>): BatchOptions =>
  parseBatchOptions(cleanScript, [...given, ...options]);
