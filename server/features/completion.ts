// Completion: what can be written at the cursor, in directives and in #SBATCH lines, from the language's tables.
import { MarkupKind, type CompletionItem, type Position } from 'vscode-languageserver';
import { spanOf } from '../../language/mappedText';
import { isInOpenBlock } from '../../language/directive/markers';
import { findSbatchLines } from '../../language/sbatch/lines';
import type { SbatchOption } from '../../language/sbatch/optionTable';
import type { FieldName } from '../../language/schema';
import type { ClientTraits } from '../clientTraits';
import { findCursor, type Cursor } from '../cursor';
import { lineText, type ScriptText } from '../documents';
import { readNearby } from '../nearby';
import { actionEnd, suggestActions, suggestParams, suggestParamValues } from '../suggest/actions';
import { contains } from '../ranges';
import { suggestFields, suggestMarkers, suggestValues } from '../suggest/fields';
import { suggestCaptures, suggestInCondition, suggestMethods, suggestVariables } from '../suggest/names';
import { suggestPatterns } from '../suggest/patterns';
import { findSbatchCursor, restInSbatch, suggestInSbatch } from '../suggest/sbatch';
import { toItem, type Suggestion } from '../suggest/suggestion';
import { describeTopic, readTopic } from '../suggest/topics';
import type { TemplateFiles } from '../templateFiles';

/** Editors do not complete in comments by themselves: these ask for it. */
export const triggerCharacters = [' ', '=', ':', '(', ',', '[', '"', "'", '-', '$', '{', '.', '%'];

export interface CompletionSources {
  readonly client: ClientTraits;
  readonly templates: Pick<TemplateFiles, 'of' | 'find'>;
}

export function findCompletions(
  document: ScriptText,
  position: Position,
  { client, templates }: CompletionSources,
): CompletionItem[] | undefined {
  const before = document.text.getText({ start: { ...position, character: 0 }, end: position });
  const found =
    suggestInSbatchLine(before, document, position.line) ??
    suggestInDirective(before, { document, position, templates });
  if (!found) return undefined;
  const range = { start: { ...position, character: found.from }, end: position };
  const after = lineText(document, position.line).slice(position.character);
  const rest = found.rest.exec(after)?.[0] ?? '';
  const place = {
    range,
    wordEnd: { ...position, character: position.character + rest.length },
    behind: after.slice(found.isMarker ? 0 : rest.length),
    client,
    findTemplate: templates.find,
  };
  return found.suggestions.map((suggestion, order) => toItem(suggestion, order, place));
}

/** Adds the documentation to a suggestion that is shown. */
export function resolveCompletion(item: CompletionItem, { templates }: CompletionSources): CompletionItem {
  const topic = readTopic(item.data);
  const value = topic && describeTopic(topic, templates.find);
  return value === undefined ? item : { ...item, documentation: { kind: MarkupKind.Markdown, value } };
}

interface Found {
  readonly from: number;
  /** What belongs to the word behind the cursor. */
  readonly rest: RegExp;
  /** A marker that is not written to its end has its directive already. */
  readonly isMarker?: boolean;
  readonly suggestions: readonly Suggestion[];
}

function suggestInSbatchLine(before: string, { text }: ScriptText, line: number): Found | undefined {
  const cursor = findSbatchCursor(before);
  if (!cursor) return undefined;
  const sbatchLines = findSbatchLines(text.getText());
  const others = sbatchLines.filter((other) => other.line !== line || cursor.kind !== 'sbatchOption');
  const written = new Set<SbatchOption>(
    others.flatMap(({ options }) => options.flatMap(({ options: [option] }) => option ?? [])),
  );
  return { from: cursor.from, rest: restInSbatch(cursor), suggestions: suggestInSbatch(cursor, written) };
}

interface Place {
  readonly document: ScriptText;
  readonly position: Position;
  readonly templates: CompletionSources['templates'];
}

function suggestInDirective(before: string, place: Place): Found | undefined {
  const { document, position } = place;
  const inBlock = isInOpenBlock((at) => lineText(document, at), position.line);
  const cursor = findCursor(before, inBlock);
  return (
    cursor && {
      from: cursor.from,
      rest: restOf(cursor),
      isMarker: cursor.kind === 'marker',
      suggestions: suggest(cursor, place),
    }
  );
}

function restOf(cursor: Cursor): RegExp {
  switch (cursor.kind) {
    case 'value':
      return /^[\w.-]*/;
    case 'variable':
      return cursor.braced ? /^\w*/ : /^(?:\w+|\{\w*\})?/;
    case 'condition':
    case 'method':
      return /^\w*/;
    case 'pattern':
      return /^/;
    default:
      return /^[\w-]*/;
  }
}

function suggest(cursor: Cursor, { document, position, templates }: Place): readonly Suggestion[] {
  const { line } = position;
  switch (cursor.kind) {
    case 'marker':
      return suggestMarkers(isLastInLine(document, position) ? templates.of(document.uri) : []);
    case 'key':
      return suggestFields(cursor.form, writtenFields(document, position));
    case 'value':
      return cursor.field === 'captures'
        ? suggestCaptures(readNearby(document, line)?.directive)
        : suggestValues(cursor.field);
    case 'action':
      return suggestActions();
    case 'actionEnd':
      return actionEnd;
    case 'param':
      return suggestParams(cursor.action, cursor.written);
    case 'paramValue':
      return suggestParamValues(cursor.param);
    case 'variable':
      return suggestVariables(readNearby(document, line)?.directive, cursor.braced);
    case 'condition':
      return suggestInCondition(readNearby(document, line)?.directive);
    case 'method':
      return suggestMethods();
    case 'pattern':
      return suggestPatterns(
        templates.of(document.uri),
        cursor.quote,
        lineText(document, line)[position.character] ?? '',
      );
  }
}

const isLastInLine = (document: ScriptText, { line, character }: Position): boolean =>
  lineText(document, line).slice(character).trim() === '';

/** Those of the directive, without the one whose key is being written. */
function writtenFields(document: ScriptText, position: Position): ReadonlySet<FieldName> {
  const nearby = readNearby(document, position.line);
  const offset = document.text.offsetAt(position) - (nearby?.start ?? 0);
  const fields = nearby?.directive.fields ?? [];
  return new Set(
    fields.filter(({ key }) => !contains(spanOf(key), offset)).flatMap(({ field }) => field ?? []),
  );
}
