// Names that a script computes with: a value in one of them must be a number, as bash would take a word for another name.
import type { Refusal } from './operands';

/** Arithmetic of all kinds, bounded. */
const arithmetic = new RegExp(
  [
    String.raw`\(\((?:(?!\)\))[^]){0,500}`,
    String.raw`\$\[[^\]]{0,500}`,
    String.raw`\blet\s[^\n;&|]{0,500}`,
    String.raw`\w\[[^\]\n]{0,500}`,
    String.raw`\$\{\w+:(?![-+=?])[^}\s]{0,500}`,
    String.raw`\b(?:declare|typeset|local|export|readonly)\s+-\w*i[^\n;&|]{0,500}`,
  ].join('|'),
  'g',
);
const comparison = /\S{1,200}\s+-(?:eq|ne|lt|le|gt|ge)\s+\S{1,200}/g;

/**
 * Names in arithmetic, subscripts and comparisons of numbers. `body`: the clean script, with nothing rendered. `isCapture`: names
 * that are rendered where they stand in `${…}`, and have rules of their own there.
 */
export function findComputedNames(body: string, isCapture: (name: string) => boolean): ReadonlySet<string> {
  const text = body.replace(/\$\{([A-Za-z_]\w*)\}/g, (whole, name: string) =>
    isCapture(name) ? '0' : whole,
  );
  const pieces = [...text.matchAll(arithmetic), ...(text.includes('[[') ? text.matchAll(comparison) : [])];
  return new Set(pieces.flatMap(([piece]) => piece.match(/[A-Za-z_]\w*/g) ?? []));
}

export const evaluated: Refusal = {
  reason: 'the script computes with the variable that gets it, and it is not a plain number',
  remedy: 'Have the pattern capture a number, or give it to the program itself instead of to a variable.',
};
