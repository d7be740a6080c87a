// One suggestion of the completion, and its form for clients with and without placeholders.
import {
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
  type Position,
} from 'vscode-languageserver';
import type { Markdown } from '../../language/show/markdown';
import { toVisible } from '../../language/show/visible';
import type { ClientTraits } from '../clientTraits';
import { describeTopic, type FindTemplate, type Topic } from './topics';

export interface Suggestion {
  readonly label: string;
  /** With placeholders, as LSP snippets have them. */
  readonly snippet: string;
  readonly kind: CompletionItemKind;
  /** The word by itself, for where what follows it in the snippet stands behind the cursor's word already. */
  readonly bare?: { readonly text: string; readonly before: RegExp };
  readonly detail?: string;
  /** What its documentation says, or what that is made from once it is shown. */
  readonly documentation?: Markdown | Topic;
  /** What is compared with the text that is written, where that is not the label. */
  readonly filter?: string;
  /** Characters that take the suggestion and are written behind it, once its word has been begun. */
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

const snippetParts =
  /\\([$}\\])|\$\{\d+\|((?:\\.|[^,|\\])*)(?:,[^|]*)?\|\}|\$\{\d+:((?:\\.|[^}\\$])*)\}|\$(?:\d+|\{\d+\})/g;

/** The snippet as plain text: placeholders become their defaults, choices their first. */
const toPlainText = (snippet: string): string =>
  snippet.replace(
    snippetParts,
    (_part, escaped?: string, choice?: string, value?: string) =>
      escaped ?? (choice ?? value ?? '').replace(/\\(.)/g, '$1'),
  );

export interface SuggestionPlace {
  /** The word up to the cursor. */
  readonly range: { readonly start: Position; readonly end: Position };
  /** The end of the word, which may be behind the cursor. */
  readonly wordEnd: Position;
  /** The text from there to the end of the line; of a marker, from the cursor. */
  readonly behind: string;
  readonly client: ClientTraits;
  readonly findTemplate: FindTemplate;
}

/** `order` is its place in the list: the tables' own order, not the alphabet. */
export function toItem(suggestion: Suggestion, order: number, place: SuggestionPlace): CompletionItem {
  const { label, kind, detail, filter = label, commit, goesOn, bare } = suggestion;
  const { range, wordEnd, client } = place;
  const isBare = bare?.before.test(place.behind) === true;
  const snippet = isBare ? escapeSnippet(bare.text) : suggestion.snippet;
  const newText = client.takesSnippets ? snippet : toPlainText(snippet);
  // A list that opens by itself must not take its first word when a bracket is closed.
  const isBegun = range.start.character < range.end.character;
  return {
    label: toVisible(label),
    kind,
    ...(detail !== undefined && { detail: toVisible(detail) }),
    ...toDocumentation(suggestion, place),
    sortText: String(order).padStart(3, '0'),
    filterText: filter,
    insertTextFormat: client.takesSnippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: client.replacesWords
      ? { newText, insert: range, replace: { start: range.start, end: wordEnd } }
      : { range: { start: range.start, end: isBegun ? wordEnd : range.end }, newText },
    ...(commit && isBegun && { commitCharacters: [...commit] }),
    ...(goesOn &&
      !isBare &&
      client.suggestsAgain && { command: { title: 'Suggest', command: client.suggestsAgain } }),
  };
}

function toDocumentation(
  { documentation }: Suggestion,
  { client, findTemplate }: SuggestionPlace,
): Pick<CompletionItem, 'documentation' | 'data'> {
  if (documentation === undefined) return {};
  if (typeof documentation !== 'string' && client.asksDocumentation) return { data: documentation };
  const value =
    typeof documentation === 'string' ? documentation : describeTopic(documentation, findTemplate);
  return value === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value } };
}
