// A script with a cursor, `<|>`, as the features of the server see it.
import assert from 'node:assert/strict';
import type { Position, Range, TextEdit } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readDocument, type OpenDocument } from '../../server/documents';

interface Fixture {
  readonly document: OpenDocument;
  readonly position: Position;
}

export const uri = 'file:///job.sh';

/** Without a cursor the position is the script's beginning. */
export function openFixture(marked: string): Fixture {
  const text = TextDocument.create(uri, 'shellscript', 1, marked.replace('<|>', ''));
  return { document: readDocument(text), position: text.positionAt(Math.max(0, marked.indexOf('<|>'))) };
}

/** What stands in a range, with the number of its line. */
export const textAt = ({ text }: OpenDocument, range: Range): string =>
  `${range.start.line}: ${text.getText(range)}`;

/** The script after edits that must not overlap. */
export function edited({ text }: OpenDocument, edits: readonly TextEdit[] | undefined): string {
  assert.ok(edits);
  return TextDocument.applyEdits(text, [...edits]);
}
