// The options of a batch script: `#SBATCH` lines before the first command, and words behind them that win.
import { findSbatchLines } from '../../language/sbatch/lines';
import { readOptions } from '../../language/sbatch/writtenOptions';

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
