// Spans of the language as ranges of the protocol.
import type { Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Span } from '../language/text';

/** The document's own count of lines, since the protocol ends a line at a lone `\r` too. */
export function toRange(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

export const contains = ({ start, end }: Span, offset: number): boolean => start <= offset && offset <= end;
