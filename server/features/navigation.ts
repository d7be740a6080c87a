// Definition, references and highlights of captures: from a name to its group, and to every place that uses it.
import {
  DocumentHighlightKind,
  type DocumentHighlight,
  type Location,
  type Position,
} from 'vscode-languageserver';
import type { Span } from '../../language/text';
import { findAllPlaces, findCapture } from '../bodyCaptures';
import { findGroupSpan, findGroupUseAt, type CapturePlace } from '../captures';
import { directiveAt, type OpenDocument } from '../documents';
import { toRange } from '../ranges';

const toLocation = (document: OpenDocument, span: Span): Location => ({
  uri: document.uri,
  range: toRange(document.text, span),
});

/** Where the name is written; of a name that is written in `captures`, and of `$1`, the group in the pattern. */
export function findDefinition(document: OpenDocument, position: Position): Location[] | undefined {
  const found = findCapture(document, position);
  if (!found) return findGroup(document, position);
  const { directive, capture, place } = found;
  const written = capture.places.filter(({ role }) => role !== 'use').map(({ span }) => span);
  const group = findGroupSpan(directive, capture.group);
  const spans = place.role === 'captures' && group ? [group] : written;
  return spans.map((span) => toLocation(document, span));
}

function findGroup(document: OpenDocument, position: Position): Location[] | undefined {
  const directive = directiveAt(document, position.line);
  const use = directive && findGroupUseAt(directive, document.text.offsetAt(position));
  const span = use && findGroupSpan(directive, use.group);
  return span && [toLocation(document, span)];
}

export function findReferences(
  document: OpenDocument,
  position: Position,
  includeDeclaration: boolean,
): Location[] | undefined {
  const found = findCapture(document, position);
  return (
    found &&
    findAllPlaces(document, found)
      .filter(({ role }) => includeDeclaration || role === 'use')
      .map(({ span }) => toLocation(document, span))
  );
}

export function findHighlights(document: OpenDocument, position: Position): DocumentHighlight[] | undefined {
  const found = findCapture(document, position);
  return (
    found &&
    findAllPlaces(document, found).map(({ span, role }) => ({
      range: toRange(document.text, span),
      kind: toKind(role),
    }))
  );
}

const toKind = (role: CapturePlace['role']): DocumentHighlightKind =>
  role === 'use' ? DocumentHighlightKind.Read : DocumentHighlightKind.Write;
