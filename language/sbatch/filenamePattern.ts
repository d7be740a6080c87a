// The table of replacements in sbatch's file names: `%j`, `%x` and their sisters.

/** Source: sbatch(1), "filename pattern"; what the batch step itself makes of each. */
export const filenameReplacements: Readonly<Record<string, string>> = {
  '%': 'a percent sign',
  A: "the job array's number",
  a: "the array task's index",
  J: "the job's number, with the step's in steps",
  j: "the job's number",
  N: 'the short name of the first node',
  n: '0, the node within the job',
  s: '`batch`, the step',
  t: '0, the task within the step',
  u: 'the user',
  x: "the job's name",
};

export interface Replacement {
  /** Of the whole `%5a`. */
  readonly start: number;
  readonly end: number;
  readonly letter: string;
  /** Undefined where sbatch knows no such letter and leaves it as it is. */
  readonly meaning: string | undefined;
}

/** A backslash anywhere switches replacements off. */
export function findReplacements(pattern: string): readonly Replacement[] {
  if (pattern.includes('\\')) return [];
  return [...pattern.matchAll(/%\d*([A-Za-z%])/g)].map(({ index, 0: whole, 1: letter = '' }) => ({
    start: index,
    end: index + whole.length,
    letter,
    meaning: filenameReplacements[letter],
  }));
}
