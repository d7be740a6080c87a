// A pattern for hover: its pieces as a list, the one under the pointer first, and its groups with their names.
import { explainPattern, type Piece } from '../../language/regex/explain';
import type { Pattern } from '../../language/regex/compile';
import type { Directive } from '../../language/directive';
import { findCaptures } from '../captures';
import { code } from '../descriptions';

/** More pieces than people read: the rest is counted. */
const shown = 30;

export function describePattern(directive: Directive, { tree }: Pattern, at: number): string {
  const pieces = explainPattern(tree);
  const names = new Map(findCaptures(directive).map(({ group, name }) => [group, name]));
  const under = pieces.filter(({ span }) => span.start <= at && at < span.end).at(-1);
  const print = ({ span, words }: Piece): string =>
    `${code(tree.source.slice(span.start, span.end) || ' ')} ${nameGroup(words, names)}`;
  const list = pieces.slice(0, shown).map((piece) => `${'  '.repeat(piece.depth)}- ${print(piece)}`);
  const more = pieces.length > shown ? [`- … and ${pieces.length - shown} more pieces`] : [];
  return [under ? `**${print(under)}**` : '**pattern**', '', ...list, ...more].join('\n');
}

/** `group 1` with the name that it is given elsewhere. */
function nameGroup(words: string, names: ReadonlyMap<number | undefined, string>): string {
  const number = /^group (\d+)$/.exec(words)?.[1];
  const name = number === undefined ? undefined : names.get(Number(number));
  return name === undefined ? words : `${words}, ${name}`;
}
