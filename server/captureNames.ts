// Names for the groups of a pattern, taken from the words that stand before them.
import { isKeyword } from '../language/condition/lexer';
import { findFunction } from '../language/condition/reference';
import type { PatternTree } from '../language/regex/tree';
import { isBuiltInVariable } from '../language/variables';

/** One for each group, all different: `loss: ([\d.]+)` is loss; where no word helps, value. */
export function proposeNames({ source, groups }: PatternTree): readonly string[] {
  const names: string[] = [];
  for (const [index, { span }] of groups.entries()) {
    const from = groups[index - 1]?.span.end ?? 0;
    const before = toWords(source.slice(Math.min(from, span.start), span.start));
    const word = [...before.matchAll(/(?<![A-Za-z_])[A-Za-z_]\w*/g)].at(-1)?.[0].toLowerCase() ?? 'value';
    const isFree = !isKeyword(word) && !isBuiltInVariable(word) && !findFunction(word);
    names.push(toUnique(isFree ? word : `${word}_value`, names));
  }
  return names;
}

/** Escapes such as \d and sets of characters are no words, but `[Ll]oss` is one. */
const toWords = (pattern: string): string =>
  pattern
    .replace(/\\./g, ' ')
    .replace(/\[([A-Za-z])([A-Za-z])\]/g, (set, one: string, other: string) =>
      one.toLowerCase() === other.toLowerCase() ? one : set,
    )
    // What is not closed is a set to the end.
    .replace(/\[[^\]]*\]?/g, ' ');

function toUnique(word: string, taken: readonly string[]): string {
  let name = word;
  for (let number = 2; taken.includes(name); number++) name = `${word}${number}`;
  return name;
}
