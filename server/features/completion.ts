// Completion: markers, fields that are not written yet, actions, parameters and values, all from the language's tables.
import {
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
  type Position,
} from 'vscode-languageserver';
import {
  actionTable,
  actionTypes,
  type ActionRow,
  type ActionType,
  type ParamRow,
} from '../../language/actionTable';
import { jobStateTable } from '../../language/jobStates';
import { fieldNames, fieldTable, type FieldName } from '../../language/schema';
import type { ClientTraits } from '../clientTraits';
import { findCursor, type Cursor } from '../cursor';
import { describeAction, describeField, describeParam } from '../descriptions';
import type { OpenDocument } from '../documents';

/** Editors do not complete in comments by themselves: these ask for it. `W` is the letter behind the `#`. */
export const triggerCharacters = ['W', ' ', '=', ':', '(', ',', '[', '"', '-'];

interface Suggestion {
  readonly label: string;
  /** With placeholders, as LSP snippets have them. */
  readonly snippet: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  readonly documentation?: string;
}

export function findCompletions(
  document: OpenDocument,
  position: Position,
  client: ClientTraits,
): CompletionItem[] | undefined {
  const before = document.text.getText({ start: { ...position, character: 0 }, end: position });
  const cursor = findCursor(before, isInBlock(document, position.line));
  const range = cursor && { start: { ...position, character: cursor.from }, end: position };
  return (
    range &&
    suggest(cursor, document, position.line).map((suggestion, order) =>
      toItem(suggestion, order, { range, client }),
    )
  );
}

/** Whether a block that begins above is still open in this line; also for one that says nothing yet. */
function isInBlock({ text }: OpenDocument, line: number): boolean {
  for (let above = line - 1; above >= 0; above--) {
    const trimmed = text
      .getText({ start: { line: above, character: 0 }, end: { line: above + 1, character: 0 } })
      .trim();
    if (trimmed === '#WATCHER_BEGIN') return true;
    if (!trimmed.startsWith('#') || /^#(?:WATCHER_END$|SBATCH\b)/.test(trimmed)) return false;
  }
  return false;
}

function suggest(cursor: Cursor, document: OpenDocument, line: number): readonly Suggestion[] {
  switch (cursor.kind) {
    case 'marker':
      return markers;
    case 'key':
      return suggestFields(cursor.form, writtenFields(document, line));
    case 'value':
      return suggestValues(cursor.field);
    case 'action':
      return actionTypes.map(suggestAction);
    case 'param':
      return paramsOf(cursor.action)
        .filter((param) => !cursor.written.includes(param))
        .map(suggestParam);
    case 'paramValue':
      return choicesOf(cursor.param).map(toValue);
  }
}

const markers: readonly Suggestion[] = [
  {
    label: '#WATCHER',
    snippet: '#WATCHER pattern="$1" action=$0',
    kind: CompletionItemKind.Keyword,
    detail: 'a watcher in one line',
  },
  {
    label: '#WATCHER_BEGIN',
    snippet: '#WATCHER_BEGIN\n# name: $1\n# pattern: "$2"\n# actions:\n#   - $0\n#WATCHER_END',
    kind: CompletionItemKind.Keyword,
    detail: 'a watcher in several lines',
  },
];

function writtenFields({ script }: OpenDocument, line: number): ReadonlySet<FieldName> {
  const directive = script.directives
    .filter((candidate) => candidate.line <= line + 1 && line < candidate.endLine)
    .at(-1);
  return new Set(directive?.fields.flatMap(({ field }) => field ?? []));
}

/** Inline actions are written one by one, those of a block as a list. */
const otherForm = { inline: 'actions', block: 'action' } as const;

function suggestFields(form: 'inline' | 'block', written: ReadonlySet<FieldName>): Suggestion[] {
  const repeatable = (name: FieldName): boolean => form === 'inline' && name === 'action';
  return fieldNames
    .filter((name) => name !== otherForm[form] && (repeatable(name) || !written.has(name)))
    .map((name) => ({
      label: name,
      snippet: form === 'inline' ? `${name}=${toPlaceholder(name)}` : `${name}:${toBlockPlaceholder(name)}`,
      kind: CompletionItemKind.Property,
      documentation: describeField(name),
    }));
}

const toBlockPlaceholder = (name: FieldName): string =>
  name === 'actions' ? '\n#   - $0' : ` ${toPlaceholder(name)}`;

function toPlaceholder(name: FieldName): string {
  const choices = valuesOf(name).map(({ label }) => label);
  switch (fieldTable[name].type) {
    case 'text':
    case 'pattern':
    case 'condition':
      return '"$1"';
    case 'names':
    case 'states':
      return '[$1]';
    case 'boolean':
    case 'output':
      return `\${1|${choices.join(',')}|}`;
    case 'duration':
    case 'count':
      return `\${1:${fieldTable[name].example}}`;
    case 'actions':
      return '$1';
  }
}

const endWords = Object.values(jobStateTable).flatMap(({ end }) => end ?? []);

const valuesOf = (name: FieldName): readonly { readonly label: string; readonly detail: string }[] => {
  switch (fieldTable[name].type) {
    case 'boolean':
      return [
        { label: 'true', detail: '' },
        { label: 'false', detail: '' },
      ];
    case 'output':
      return [
        { label: 'stdout', detail: 'what the job prints' },
        { label: 'stderr', detail: 'its errors' },
        { label: 'both', detail: 'one after the other' },
      ];
    case 'states':
      return endWords.map((label) => ({ label, detail: 'how a job ends' }));
    default:
      return [];
  }
};

const suggestValues = (name: FieldName): Suggestion[] =>
  valuesOf(name).map(({ label, detail }) => ({ ...toValue(label), ...(detail && { detail }) }));

const toValue = (label: string): Suggestion => ({
  label,
  snippet: label,
  kind: CompletionItemKind.EnumMember,
});

const paramsOf = (type: ActionType): readonly ParamRow[] => (actionTable[type] as ActionRow).params;

/** The action with the parameters that it needs, or its first one. */
function suggestAction(type: ActionType): Suggestion {
  const wanted = paramsOf(type).filter(({ required }, index) => required === true || index === 0);
  const params = wanted.map((param, index) => `${param.name}=${toParamPlaceholder(param, index + 1)}`);
  return {
    label: type,
    snippet: params.length === 0 ? type : `${type}(${params.join(', ')})`,
    kind: CompletionItemKind.Function,
    detail: actionTable[type].summary,
    documentation: describeAction(type),
  };
}

const suggestParam = (param: ParamRow): Suggestion => ({
  label: param.name,
  snippet: `${param.name}=${toParamPlaceholder(param, 1)}`,
  kind: CompletionItemKind.Variable,
  detail: param.summary,
  documentation: describeParam(param),
});

const choicesOf = ({ type, choices = [] }: ParamRow): readonly string[] =>
  type === 'boolean' ? ['true', 'false'] : choices;

function toParamPlaceholder(param: ParamRow, stop: number): string {
  const choices = choicesOf(param);
  if (choices.length > 0) return `\${${stop}|${choices.join(',')}|}`;
  if (param.type === 'object') return `{$${stop}}`;
  return param.type === 'duration' ? `\${${stop}:60s}` : `"$${stop}"`;
}

/** The snippet as plain text: placeholders become their defaults, choices their first. */
const toPlainText = (snippet: string): string =>
  snippet
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\$\d/g, '');

interface Place {
  readonly range: { readonly start: Position; readonly end: Position };
  readonly client: ClientTraits;
}

function toItem(suggestion: Suggestion, order: number, { range, client }: Place): CompletionItem {
  const { label, kind, detail, documentation, snippet } = suggestion;
  const newText = client.takesSnippets ? snippet : toPlainText(snippet);
  return {
    label,
    kind,
    ...(detail !== undefined && { detail }),
    ...(documentation !== undefined && {
      documentation: { kind: MarkupKind.Markdown, value: documentation },
    }),
    sortText: String(order).padStart(3, '0'),
    filterText: label,
    insertTextFormat: client.takesSnippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range, newText },
  };
}
