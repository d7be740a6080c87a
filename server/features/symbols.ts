// Document symbols: each directive with its fields and actions.
import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver';
import { spanOf } from '../../language/mappedText';
import type { Directive } from '../../language/directive';
import { markerSpan } from '../../language/directive/markers';
import type { Script } from '../../language/script';
import { fieldTable } from '../../language/schema';
import { toVisible } from '../../language/show/visible';
import type { Span } from '../../language/text';
import type { OpenDocument } from '../documents';
import { toRange } from '../ranges';

export function findSymbols(document: OpenDocument): DocumentSymbol[] {
  const names = readNames(document.script);
  return document.script.directives.map((directive) => {
    return {
      name: toVisible(names.get(directive) ?? 'watcher with errors'),
      kind: SymbolKind.Event,
      range: toRange(document.text, directive.span),
      selectionRange: toRange(document.text, markerSpan(directive)),
      children: findParts(document, directive),
    };
  });
}

/** The names of watchers; a directive that is none yet has no name. */
const readNames = ({ watchers }: Script): ReadonlyMap<Directive, string> =>
  new Map(watchers.map(({ directive, definition }) => [directive, definition.name]));

function findParts(document: OpenDocument, { fields, actions, span }: Directive): DocumentSymbol[] {
  const inside = (part: Span): Span => ({ start: part.start, end: Math.min(part.end, span.end) });
  const toSymbol = (
    name: string,
    detail: string,
    kind: SymbolKind,
    [whole, selected]: [Span, Span],
  ): DocumentSymbol => ({
    name: toVisible(name),
    detail: toVisible(detail),
    kind,
    range: toRange(document.text, inside(whole)),
    selectionRange: toRange(document.text, selected),
  });
  const ofFields = fields
    .filter(({ field }) => field === undefined || fieldTable[field].type !== 'actions')
    .map(({ key, value }) => {
      const [start, end] = [spanOf(key), spanOf(value)];
      const whole = { start: start.start, end: Math.max(start.end, end.end) };
      return toSymbol(key.text, value.text, SymbolKind.Property, [whole, start]);
    });
  const ofActions = actions.map(({ name, type, span: whole }) =>
    toSymbol(type ?? name.text, '', SymbolKind.Function, [whole, spanOf(name)]),
  );
  return [...ofFields, ...ofActions].sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}
