// What is said of outputs that are not regular files, and of files that give no answer, on every kind of machine.
import type { ReadAnswer } from '../ports';

type Failed = Extract<ReadAnswer, { kind: 'failed' }>;

/** `kind`: `a FIFO`. It does not become a file by waiting. */
export const toIrregular = (kind: string): Failed => ({
  kind: 'failed',
  message: `it is not a regular file but ${kind}`,
  isLasting: true,
});

/** The file alone is given up: its file system may hang. The same words each time: they are told once. */
export const toUnanswered = (limitMs: number): Failed => ({
  kind: 'failed',
  message: `it gave no answer within ${limitMs / 1000} s (its file system may hang)`,
});
