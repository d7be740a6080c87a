// Suggestions of patterns for what people mostly look for, with the text that they match.
import { CompletionItemKind } from 'vscode-languageserver';
import { templates } from '../../language/templates';
import { quoteText } from '../../language/values';
import { code } from '../descriptions';
import { escapeSnippet, type Suggestion } from './suggestion';

/** `quote`: the one that is open before the cursor, or ''; `next`: the character behind the cursor. */
export function suggestPatterns(quote: string, next: string): readonly Suggestion[] {
  return templates.flatMap(({ title, definition: { pattern }, matches }) => {
    const text = pattern === null ? undefined : print(pattern, quote);
    if (pattern === null || text === undefined) return [];
    const closing = quote === '' || next === quote ? '' : quote;
    return {
      label: title,
      snippet: escapeSnippet(text + closing),
      filter: quote + title,
      kind: CompletionItemKind.Snippet,
      detail: pattern,
      documentation: `${code(pattern)}\n\nMatches:\n${matches.map((line) => `- ${code(line)}`).join('\n')}`,
    };
  });
}

/** With quotes of its own, or for the quote that is there; undefined where that cannot hold it. */
function print(pattern: string, quote: string): string | undefined {
  const quoted = quoteText(pattern);
  if (quote === '') return quoted;
  return pattern.includes(quote) || pattern.includes('\\\\') || pattern.endsWith('\\') ? undefined : pattern;
}
