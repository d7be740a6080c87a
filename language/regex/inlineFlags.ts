// Inline flags, `(?i)` and `(?i-s:…)`, with CPython's rules and messages.
import { lengthOf, type PatternSource } from './source';
import type { Flags } from './tree';

const letters: Readonly<Record<string, keyof Flags | 'unicode' | 'locale' | 'template'>> = {
  i: 'ignoreCase',
  L: 'locale',
  t: 'template',
  m: 'multiline',
  s: 'dotAll',
  x: 'verbose',
  a: 'ascii',
  u: 'unicode',
};
const typeFlags = ['a', 'L', 'u'];

export interface InlineFlags {
  /** True for `(?i)`: they hold for the whole pattern. */
  readonly global: boolean;
  readonly flags: Flags;
}

/** Reads on behind the first letter or `-`. */
export function parseInlineFlags(source: PatternSource, first: string, outer: Flags): InlineFlags {
  const on = new Set<string>();
  const off = new Set<string>();
  let token: string = first;
  if (token !== '-') {
    do {
      if (token === 'L') throw source.error("bad inline flags: cannot use 'L' flag with a str pattern");
      on.add(token);
      if (typeFlags.includes(token) && typeFlags.some((other) => other !== token && on.has(other))) {
        throw source.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
      }
      token = nextFlag(source, 'missing -, : or )', ')-:');
    } while (!')-:'.includes(token));
  }
  if (token === ')') return { global: true, flags: apply(outer, on, off) };
  if (on.has('t')) throw source.error('bad inline flags: cannot turn on global flag', 1);
  if (token === '-') {
    token = nextFlag(source, 'missing flag', '');
    do {
      if (typeFlags.includes(token))
        throw source.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
      off.add(token);
      token = nextFlag(source, 'missing :', ':');
    } while (token !== ':');
  }
  if (off.has('t')) throw source.error('bad inline flags: cannot turn off global flag', 1);
  if ([...on].some((letter) => off.has(letter)))
    throw source.error('bad inline flags: flag turned on and off', 1);
  return { global: false, flags: apply(outer, on, off) };
}

function nextFlag(source: PatternSource, missing: string, ends: string): string {
  const token = source.get();
  if (token === undefined) throw source.error(missing);
  if ((ends !== '' && ends.includes(token)) || token in letters) return token;
  throw source.error(/^\p{L}/u.test(token) ? 'unknown flag' : missing, lengthOf(token));
}

function apply(outer: Flags, on: ReadonlySet<string>, off: ReadonlySet<string>): Flags {
  const flag = (letter: string, before: boolean): boolean => (before || on.has(letter)) && !off.has(letter);
  return {
    ignoreCase: flag('i', outer.ignoreCase),
    multiline: flag('m', outer.multiline),
    dotAll: flag('s', outer.dotAll),
    verbose: flag('x', outer.verbose),
    ascii: on.has('u') ? false : flag('a', outer.ascii),
  };
}
