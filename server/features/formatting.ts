// Formatting of directives: whole scripts, ranges, and the line that begins with Enter inside of a block.
import type { Position, Range, TextEdit } from 'vscode-languageserver';
import { formatScript } from '../../language/format';
import { continuesBlock } from '../../language/directive/markers';
import { lineText, type OpenDocument, type ScriptText } from '../documents';
import { toRange } from '../ranges';

/** Only directives change; within `range`, those that lie in its lines. */
export function formatDirectives({ text, script }: OpenDocument, range?: Range): TextEdit[] {
  if (script.directives.length === 0) return [];
  const isWanted = ({ start, end }: Range): boolean =>
    !range || (start.line >= range.start.line && end.line <= lastLineOf(range));
  return formatScript(text.getText())
    .edits.map(({ span, newText }) => ({ range: toRange(text, span), newText }))
    .filter((edit) => isWanted(edit.range));
}

/** Whole lines are selected up to the beginning of the next one, which is not meant. */
const lastLineOf = ({ start, end }: Range): number =>
  end.character === 0 && end.line > start.line ? end.line - 1 : end.line;

export const formattingTrigger = '\n';

/** `# ` for the line that was begun, with the margin of the line above. */
export function continueBlock(document: ScriptText, position: Position): TextEdit[] {
  const { line } = position;
  if (!continuesBlock((at) => lineText(document, at), line)) return [];
  const margin = /^[ \t]*/.exec(lineText(document, line - 1))?.[0] ?? '';
  return [{ range: { start: { line, character: 0 }, end: position }, newText: `${margin}# ` }];
}
