// Flags of a pattern: given from outside, `(?i)` for all of it, `(?i-m:…)` for a part.
import type { PatternScanner } from './patternScanner';

/** The letters of inline flags. `t` and `L` exist in CPython's grammar only to be refused. */
export type FlagLetter = 'a' | 'i' | 'L' | 'm' | 's' | 't' | 'u' | 'x';
export type Flags = ReadonlySet<FlagLetter>;

export interface ScopedFlags {
  readonly added: Flags;
  readonly removed: Flags;
}

const letters: readonly string[] = ['a', 'i', 'L', 'm', 's', 't', 'u', 'x'];
const typeLetters: readonly FlagLetter[] = ['a', 'L', 'u'];

export const isFlagLetter = (text: string): text is FlagLetter => letters.includes(text);

/** Flags as the module's constants are called: `M I S X A U`, any case; other letters do not count. */
export function toFlags(text: string): Flags {
  return new Set(Array.from(text.toLowerCase()).filter(isFlagLetter));
}

/** The flags inside of `(?added-removed:…)`. `a` and `u` replace each other. */
export function applyScope(flags: Flags, { added, removed }: ScopedFlags): Flags {
  const typed = typeLetters.some((letter) => added.has(letter));
  const kept = [...flags].filter((letter) => !(typed && typeLetters.includes(letter)));
  return new Set([...kept, ...added].filter((letter) => !removed.has(letter)));
}

/**
 * Reads the rest of `(?flags)` or `(?flags-flags:`, whose first character is `first`. Flags for the whole pattern
 * come back as a set, flags for a part as a `ScopedFlags`.
 */
export function parseInlineFlags(scanner: PatternScanner, first: string): Flags | ScopedFlags {
  const added = new Set<FlagLetter>();
  const end = first === '-' ? first : readFlags(scanner, first, added, ['missing -, : or )', ')-:']);
  if (end === ')') return added;
  if (added.has('t')) scanner.fail('bad inline flags: cannot turn on global flag', 1);
  const removed = new Set<FlagLetter>();
  if (end === '-') {
    const letter = scanner.take() ?? scanner.fail('missing flag');
    if (!isFlagLetter(letter)) failAtLetter(scanner, letter, 'missing flag');
    readFlags(scanner, letter, removed, ['missing :', ':']);
  }
  if (removed.has('t')) scanner.fail('bad inline flags: cannot turn off global flag', 1);
  if ([...added].some((letter) => removed.has(letter))) {
    scanner.fail('bad inline flags: flag turned on and off', 1);
  }
  return { added, removed };
}

/** Collects letters from `first` up to one of the `ends`, which is returned; `missing` is said where none comes. */
function readFlags(
  scanner: PatternScanner,
  first: string,
  into: Set<FlagLetter>,
  [missing, ends]: readonly [string, string],
): string {
  let letter = first;
  for (;;) {
    if (!isFlagLetter(letter)) return failAtLetter(scanner, letter, missing);
    into.add(letter);
    checkType(scanner, letter, ends === ':' ? undefined : into);
    letter = scanner.take() ?? scanner.fail(missing);
    if (ends.includes(letter)) return letter;
  }
}

function checkType(scanner: PatternScanner, letter: FlagLetter, added: Flags | undefined): void {
  if (!typeLetters.includes(letter)) return;
  if (added === undefined) return scanner.fail("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
  if (letter === 'L') scanner.fail("bad inline flags: cannot use 'L' flag with a str pattern");
  if (typeLetters.some((other) => other !== letter && added.has(other))) {
    scanner.fail("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
  }
}

function failAtLetter(scanner: PatternScanner, letter: string, missing: string): never {
  return scanner.fail(/^\p{L}$/u.test(letter) ? 'unknown flag' : missing, Array.from(letter).length);
}
