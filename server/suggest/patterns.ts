// Suggestions of patterns for what people mostly look for, with the text that they match.
import { CompletionItemKind } from 'vscode-languageserver';
import { quoteText } from '../../language/values';
import type { KnownTemplate } from '../templateFiles';
import { escapeSnippet, type Suggestion } from './suggestion';

/** `quote`: the one that is open before the cursor, or ''; `next`: the character behind the cursor. */
export function suggestPatterns(
  templates: readonly KnownTemplate[],
  quote: string,
  next: string,
): readonly Suggestion[] {
  return templates.flatMap(({ id, title, pattern }) => {
    const text = pattern === null ? undefined : print(pattern, quote);
    if (pattern === null || text === undefined) return [];
    const closing = quote === '' || next === quote ? '' : quote;
    return {
      label: title,
      snippet: escapeSnippet(text + closing),
      filter: quote + title,
      kind: CompletionItemKind.Snippet,
      detail: pattern,
      documentation: { about: 'pattern', name: id },
    };
  });
}

/** With quotes of its own, or for the quote that is there; undefined where that cannot hold it. */
function print(pattern: string, quote: string): string | undefined {
  const quoted = quoteText(pattern);
  if (quote === '') return quoted;
  return pattern.includes(quote) || pattern.includes('\\\\') || pattern.endsWith('\\') ? undefined : pattern;
}
