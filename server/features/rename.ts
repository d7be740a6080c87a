// Rename of captures: in the list, in the pattern, in every `$name`, in conditions and in a program that is resubmitted.
import {
  LSPErrorCodes,
  ResponseError,
  type Position,
  type Range,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { isBuiltInVariable } from '../../language/variables';
import { findFunction } from '../../language/condition/reference';
import { isKeyword } from '../../language/condition/lexer';
import { findAllPlaces, findCapture, findSharers, isInProgram } from '../bodyCaptures';
import { findCaptures, usesName, type FoundCapture } from '../captures';
import type { OpenDocument } from '../documents';
import { toRange } from '../ranges';

export interface Renamable {
  readonly range: Range;
  readonly placeholder: string;
}

/** Undefined where nothing can be renamed. */
export function findRenamable(document: OpenDocument, position: Position): Renamable | undefined {
  const found = findCapture(document, position);
  return found && { range: toRange(document.text, found.place.span), placeholder: found.capture.name };
}

/** Throws ResponseError with a reason for people where the name cannot be taken. */
export function rename(
  document: OpenDocument,
  position: Position,
  newName: string,
): WorkspaceEdit | undefined {
  const found = findCapture(document, position);
  if (!found) return undefined;
  const reason = findObjection(document, found, newName);
  if (reason !== undefined) throw new ResponseError(LSPErrorCodes.RequestFailed, reason);
  const edits = findAllPlaces(document, found).map(({ span }) => ({
    range: toRange(document.text, span),
    newText: newName,
  }));
  return { changes: { [document.uri]: edits } };
}

function findObjection(document: OpenDocument, found: FoundCapture, name: string): string | undefined {
  if (name === found.capture.name) return undefined;
  if (!/^[A-Za-z_]\w*$/.test(name))
    return 'A name has letters, digits and "_", and does not begin with a digit.';
  if (isKeyword(name))
    return `"${name}" is a word of Python, which no condition can use; choose another name.`;
  if (isBuiltInVariable(name) || findFunction(name))
    return `"${name}" is a built-in name; choose another one.`;
  const directives = findSharers(document, found);
  if (directives.some((directive) => findCaptures(directive).some((other) => other.name === name)))
    return `There is a capture "${name}" already.`;
  if (isInProgram(document, found, name))
    return `The script itself uses "${name}", and is resubmitted: choose another name.`;
  return directives.some((directive) => usesName(directive, name))
    ? `The watcher itself uses "${name}" for something else: choose another name.`
    : undefined;
}
