// How plain values of fields are read and printed, by the type of the field.
import type { defaultDefinition } from './schema';
import { type FieldType } from './schema';
import { parseBoolean, parseDuration, printDuration } from './values';

/** A type whose values are read from one text, and printed as one. */
export interface PlainType {
  /** Undefined for what is not such a value. */
  readonly read: (text: string) => string | number | boolean | undefined;
  /** What it should be, in words: `a whole number`. */
  readonly kind: string;
  readonly print: (value: never) => string;
  /** A bound of a field of this type, in words. */
  readonly printBound: (bound: number) => string;
}

const outputs: readonly (typeof defaultDefinition.outputType)[] = ['stdout', 'stderr', 'both'];

export const plainTypes = {
  duration: {
    read: parseDuration,
    kind: 'a duration such as 30s, 5m or 1.5h',
    print: printDuration,
    printBound: (seconds) => (seconds >= 86400 ? `${seconds / 86400} days` : `${seconds} s`),
  },
  count: {
    read: (text) => (/^[-+]?\d+$/.test(text.trim()) ? Number(text) : undefined),
    kind: 'a whole number',
    print: (value: number | null) => String(value),
    printBound: String,
  },
  boolean: { read: parseBoolean, kind: 'true or false', print: String, printBound: String },
  output: {
    read: (text) => outputs.find((known) => known === text.trim().toLowerCase()),
    kind: 'stdout, stderr or both',
    print: String,
    printBound: String,
  },
} as const satisfies Partial<Record<FieldType, PlainType>>;

export const findPlainType = (type: FieldType): PlainType | undefined =>
  Object.hasOwn(plainTypes, type) ? plainTypes[type as keyof typeof plainTypes] : undefined;
