// Semantic tokens: markers, keys, actions, parameters, variables, names in conditions and the pieces of patterns.
import {
  SemanticTokensBuilder,
  type Range,
  type SemanticTokens,
  type SemanticTokensLegend,
} from 'vscode-languageserver';
import type { Directive } from '../../language/directive';
import { loginSetupSpans } from '../../language/directive/markers';
import type { Span } from '../../language/text';
import { findTokens, tokenTypes, type Token } from '../directiveTokens';
import type { OpenDocument } from '../documents';

export const legend: SemanticTokensLegend = { tokenTypes: [...tokenTypes], tokenModifiers: [] };

/** All tokens, or those of the directives that touch a range. */
export function findSemanticTokens({ text, script }: OpenDocument, range?: Range): SemanticTokens {
  const from = range ? text.offsetAt(range.start) : 0;
  const to = range ? text.offsetAt(range.end) : Infinity;
  const builder = new SemanticTokensBuilder();
  const content = text.getText();
  const isWanted = ({ span }: { readonly span: Span }): boolean => span.start <= to && span.end >= from;
  const setUps = script.loginSetups.filter(isWanted).flatMap(({ span }) => loginSetupSpans(span));
  const tokens = script.directives
    .filter(isWanted)
    .flatMap((directive) => findKnownTokens(directive, content))
    .concat(setUps.map((span): Token => ({ span, type: 'keyword' })))
    .sort((a, b) => a.span.start - b.span.start);
  let last = 0;
  for (const { span, type } of tokens) {
    // A token may not overlap the one before: a block may hold an inline directive.
    if (span.start < last) continue;
    const { line, character } = text.positionAt(span.start);
    builder.push(line, character, span.end - span.start, tokenTypes.indexOf(type), 0);
    last = span.end;
  }
  return builder.build();
}

const known = new Map<string, readonly Token[]>();
const mostKnown = 5000;

/** Worked out once for each text of a directive: most of them stay while one is written. */
function findKnownTokens(directive: Directive, script: string): readonly Token[] {
  const { kind, span } = directive;
  const key = kind + script.slice(span.start, span.end);
  const found = known.get(key) ?? findTokens(directive, script).map((token) => shift(token, -span.start));
  if (known.size > mostKnown) known.clear();
  known.set(key, found);
  return found.map((token) => shift(token, span.start));
}

const shift = ({ span, type }: Token, by: number): Token => ({
  span: { start: span.start + by, end: span.end + by },
  type,
});
