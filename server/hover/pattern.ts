// A pattern for hover: its pieces as a list, the one under the pointer first, and its groups with their names.
import { explainPattern, type Piece } from '../../language/regex/explain';
import type { Pattern } from '../../language/regex/compile';
import type { Directive } from '../../language/directive';
import { findCaptures } from '../captures';
import {
  joinMarkdown,
  inMarkdown,
  ownMarkdown,
  toMarkdown,
  toMarkdownCode as code,
  type Markdown,
} from '../../language/show/markdown';

/** More pieces than people read: the rest is counted. */
const shown = 30;

export function describePattern(directive: Directive, { tree }: Pattern, at: number): Markdown {
  const pieces = explainPattern(tree);
  const names = new Map(findCaptures(directive).map(({ group, name }) => [group, name]));
  const under = pieces.filter(({ span }) => span.start <= at && at < span.end).at(-1);
  const print = ({ span, words }: Piece): Markdown =>
    inMarkdown`${code(tree.source.slice(span.start, span.end))} ${toMarkdown(nameGroup(words, names))}`;
  const list = pieces
    .slice(0, shown)
    .map((piece) => inMarkdown`${ownMarkdown('  '.repeat(piece.depth))}- ${print(piece)}`);
  const more = pieces.length > shown ? [inMarkdown`- … and ${pieces.length - shown} more pieces`] : [];
  const title = under ? inMarkdown`**${print(under)}**` : inMarkdown`**pattern**`;
  return joinMarkdown([title, inMarkdown``, ...list, ...more], '\n');
}

/** `group 1` with the name that it is given elsewhere. */
function nameGroup(words: string, names: ReadonlyMap<number | undefined, string>): string {
  const number = /^group (\d+)$/.exec(words)?.[1];
  const name = number === undefined ? undefined : names.get(Number(number));
  return name === undefined ? words : `${words}, ${name}`;
}
