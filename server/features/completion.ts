// Completion: what can be written at the cursor, in directives and in #SBATCH lines, from the language's tables.
import type { CompletionItem, Position } from 'vscode-languageserver';
import { isInOpenBlock } from '../../language/openBlock';
import type { SbatchOption } from '../../language/sbatch/optionTable';
import type { FieldName } from '../../language/schema';
import type { ClientTraits } from '../clientTraits';
import { findCursor, type Cursor } from '../cursor';
import { directiveAt, lineText, type OpenDocument } from '../documents';
import { actionEnd, suggestActions, suggestParams, suggestParamValues } from '../suggest/actions';
import { markers, suggestFields, suggestValues } from '../suggest/fields';
import { suggestInCondition, suggestMethods, suggestVariables } from '../suggest/names';
import { suggestPatterns } from '../suggest/patterns';
import { findSbatchCursor, suggestInSbatch } from '../suggest/sbatch';
import { toItem, type Suggestion } from '../suggest/suggestion';

/** Editors do not complete in comments by themselves: these ask for it. */
export const triggerCharacters = [' ', '=', ':', '(', ',', '[', '"', "'", '-', '$', '{', '.', '%'];

export function findCompletions(
  document: OpenDocument,
  position: Position,
  client: ClientTraits,
): CompletionItem[] | undefined {
  const before = document.text.getText({ start: { ...position, character: 0 }, end: position });
  const found =
    suggestInSbatchLine(before, document, position.line) ??
    suggestInDirective(before, document, position.line);
  const range = found && { start: { ...position, character: found.from }, end: position };
  return range && found.suggestions.map((suggestion, order) => toItem(suggestion, order, { range, client }));
}

interface Found {
  readonly from: number;
  readonly suggestions: readonly Suggestion[];
}

function suggestInSbatchLine(before: string, { sbatchLines }: OpenDocument, line: number): Found | undefined {
  const cursor = findSbatchCursor(before);
  if (!cursor) return undefined;
  const others = sbatchLines.filter((other) => other.line !== line || cursor.kind !== 'sbatchOption');
  const written = new Set<SbatchOption>(
    others.flatMap(({ options }) => options.flatMap(({ options: [option] }) => option ?? [])),
  );
  return { from: cursor.from, suggestions: suggestInSbatch(cursor, written) };
}

function suggestInDirective(before: string, document: OpenDocument, line: number): Found | undefined {
  const cursor = findCursor(
    before,
    isInOpenBlock((at) => lineText(document, at), line),
  );
  return (
    cursor && {
      from: cursor.from,
      suggestions: suggest(cursor, document, { line, character: before.length }),
    }
  );
}

function suggest(cursor: Cursor, document: OpenDocument, position: Position): readonly Suggestion[] {
  const { line } = position;
  switch (cursor.kind) {
    case 'marker':
      return markers;
    case 'key':
      return suggestFields(cursor.form, writtenFields(document, line));
    case 'value':
      return suggestValues(cursor.field);
    case 'action':
      return suggestActions();
    case 'actionEnd':
      return actionEnd;
    case 'param':
      return suggestParams(cursor.action, cursor.written);
    case 'paramValue':
      return suggestParamValues(cursor.param);
    case 'variable':
      return suggestVariables(directiveAt(document, line), cursor.braced);
    case 'condition':
      return suggestInCondition(directiveAt(document, line));
    case 'method':
      return suggestMethods();
    case 'pattern':
      return suggestPatterns(cursor.quote, lineText(document, line)[position.character] ?? '');
  }
}

const writtenFields = (document: OpenDocument, line: number): ReadonlySet<FieldName> =>
  new Set(directiveAt(document, line)?.fields.flatMap(({ field }) => field ?? []));
