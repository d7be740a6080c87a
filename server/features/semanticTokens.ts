// Semantic tokens: markers, keys, actions, parameters, variables, names in conditions and the pieces of patterns.
import {
  SemanticTokensBuilder,
  type Range,
  type SemanticTokens,
  type SemanticTokensLegend,
} from 'vscode-languageserver';
import { findTokens, tokenTypes } from '../directiveTokens';
import type { OpenDocument } from '../documents';

export const legend: SemanticTokensLegend = { tokenTypes: [...tokenTypes], tokenModifiers: [] };

/** All tokens, or those of the directives that touch a range. */
export function findSemanticTokens({ text, script }: OpenDocument, range?: Range): SemanticTokens {
  const from = range ? text.offsetAt(range.start) : 0;
  const to = range ? text.offsetAt(range.end) : Infinity;
  const builder = new SemanticTokensBuilder();
  const content = text.getText();
  const tokens = script.directives
    .filter(({ span }) => span.start <= to && span.end >= from)
    .flatMap((directive) => findTokens(directive, content))
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
