// Names for captures: identifiers made of the words beside a value, unique, and never a name that the language has itself.
import { builtins } from '../condition/builtins';
import { isKeyword } from '../condition/lexer';
import { isBuiltInVariable } from '../variables';

const longestName = 40;

/** An identifier that says these words; undefined if nothing of them can be said. */
export function toIdentifier(words: string): string | undefined {
  const parts = words
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(?<=[a-z])(?=[A-Z][a-z])/g, '_')
    .match(/[A-Za-z0-9]+/g);
  const name = parts?.join('_').slice(0, longestName).replace(/_$/, '').toLowerCase();
  if (name === undefined) return undefined;
  return /^\d/.test(name) ? `n${name}` : name;
}

const isTaken = (name: string): boolean =>
  isBuiltInVariable(name) ||
  isBuiltInVariable(name.toUpperCase()) ||
  builtins.has(name) ||
  isKeyword(name) ||
  isKeyword(name.charAt(0).toUpperCase() + name.slice(1));

/** Each name as it is, but for those that are taken: by the language, or by one before it. */
export function toUniqueNames(names: readonly string[]): readonly string[] {
  const used = new Set<string>();
  return names.map((wanted) => {
    const base = isTaken(wanted) ? `${wanted}_value` : wanted;
    let name = base;
    for (let count = 2; used.has(name); count++) name = `${base}_${count}`;
    used.add(name);
    return name;
  });
}
