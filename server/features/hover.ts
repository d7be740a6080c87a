// Hover: what the word, the piece of a pattern or the option under the pointer means.
import { MarkupKind, type Hover, type Position } from 'vscode-languageserver';
import { findHoveredInDirective } from '../hover/directive';
import { findHoveredInLoginSetup } from '../hover/loginSetup';
import { findHoveredInSbatch } from '../hover/sbatch';
import { directiveAt, type OpenDocument } from '../documents';
import { toRange } from '../ranges';

export function findHover(document: OpenDocument, position: Position): Hover | undefined {
  const offset = document.text.offsetAt(position);
  const directive = directiveAt(document, position.line);
  const found = directive
    ? findHoveredInDirective(directive, offset)
    : (findHoveredInLoginSetup(document.script, offset) ?? findHoveredInSbatch(document.sbatchLines, offset));
  return (
    found && {
      range: toRange(document.text, found.span),
      contents: { kind: MarkupKind.Markdown, value: found.text },
    }
  );
}
