// One suggestion of the completion, and its form for clients with and without placeholders.
import {
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
  type Position,
} from 'vscode-languageserver';
import type { ClientTraits } from '../clientTraits';

export interface Suggestion {
  readonly label: string;
  /** With placeholders, as LSP snippets have them. */
  readonly snippet: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** What is compared with the text that is written, where that is not the label. */
  readonly filter?: string;
  /** Characters that take the suggestion and are written behind it. */
  readonly commit?: readonly string[];
  /** Asks for the next completion at once: something has to follow. */
  readonly goesOn?: true;
}

/** What is in a table of words. */
export const toWord = (label: string, detail?: string): Suggestion => ({
  label,
  snippet: escapeSnippet(label),
  kind: CompletionItemKind.EnumMember,
  ...(detail !== undefined && { detail }),
});

/** Text that stands in a snippet as it is. */
export const escapeSnippet = (text: string): string => text.replace(/[$}\\]/g, '\\$&');

/** The snippet as plain text: placeholders become their defaults, choices their first. */
const toPlainText = (snippet: string): string =>
  snippet
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/(^|[^\\])\$\d/g, '$1')
    .replace(/\\([$}\\])/g, '$1');

export interface SuggestionPlace {
  readonly range: { readonly start: Position; readonly end: Position };
  readonly client: ClientTraits;
}

/** `order` is its place in the list: the tables' own order, not the alphabet. */
export function toItem(
  suggestion: Suggestion,
  order: number,
  { range, client }: SuggestionPlace,
): CompletionItem {
  const { label, kind, detail, documentation, snippet, filter = label, commit, goesOn } = suggestion;
  const newText = client.takesSnippets ? snippet : toPlainText(snippet);
  return {
    label,
    kind,
    ...(detail !== undefined && { detail }),
    ...(documentation !== undefined && {
      documentation: { kind: MarkupKind.Markdown, value: documentation },
    }),
    sortText: String(order).padStart(3, '0'),
    filterText: filter,
    insertTextFormat: client.takesSnippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range, newText },
    ...(commit && { commitCharacters: [...commit] }),
    ...(goesOn && client.suggestsAgain && { command: { title: 'Suggest', command: client.suggestsAgain } }),
  };
}
