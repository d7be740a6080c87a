// Hover: what a field, an action or a parameter is, and what holds where it is not written.
import { MarkupKind, type Hover, type Position } from 'vscode-languageserver';
import { findParam } from '../../language/actionTable';
import type { WrittenAction } from '../../language/calls';
import { spanOf } from '../../language/mappedText';
import type { Span } from '../../language/text';
import { describeAction, describeField, describeParam } from '../descriptions';
import type { OpenDocument } from '../documents';
import { contains, toRange } from '../ranges';

export function findHover(document: OpenDocument, position: Position): Hover | undefined {
  const offset = document.text.offsetAt(position);
  const directive = document.script.directives.find(({ span }) => contains(span, offset));
  if (!directive) return undefined;
  const written = directive.fields.find(({ key }) => contains(spanOf(key), offset));
  const found = written
    ? written.field && { span: spanOf(written.key), text: describeField(written.field) }
    : findInActions(directive.actions, offset);
  return (
    found && {
      range: toRange(document.text, found.span),
      contents: { kind: MarkupKind.Markdown, value: found.text },
    }
  );
}

interface Described {
  readonly span: Span;
  readonly text: string;
}

function findInActions(actions: readonly WrittenAction[], offset: number): Described | undefined {
  const action = actions.find(({ span }) => contains(span, offset));
  if (!action?.type) return undefined;
  const name = spanOf(action.name);
  if (contains(name, offset)) return { span: name, text: describeAction(action.type) };
  const written = action.params.find((param) => param.name && contains(spanOf(param.name), offset));
  const param = written?.name && findParam(action.type, written.name.text);
  return param && { span: spanOf(written.name), text: describeParam(param) };
}
