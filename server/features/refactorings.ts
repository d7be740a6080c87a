// Refactorings: names for the groups of a pattern, a condition for a watcher, float() around a capture.
import { CodeActionKind, type CodeAction } from 'vscode-languageserver';
import { parseCondition } from '../../language/condition/parser';
import { spanIn, spanOf } from '../../language/mappedText';
import type { Directive } from '../../language/directive';
import { toVisible } from '../../language/show/visible';
import type { Span } from '../../language/text';
import { findCaptures } from '../captures';
import { proposeNames } from '../captureNames';
import { partsOf } from '../directiveParts';
import type { OpenDocument } from '../documents';
import { contains, toRange } from '../ranges';
import { capturesEdit, fieldAddition, lastField, replace, type Edit } from '../repairs/edits';

export const findRefactorings = (document: OpenDocument, asked: Span): CodeAction[] =>
  document.script.directives
    .filter(({ span }) => span.start <= asked.end && asked.start <= span.end)
    .flatMap((directive) => [
      ...nameGroups(document, directive),
      ...addCondition(document, directive),
      ...wrapInFloat(document, directive, asked.start),
    ]);

const toAction = ({ uri, text }: OpenDocument, title: string, { span, newText }: Edit): CodeAction => ({
  title: toVisible(title),
  kind: CodeActionKind.RefactorRewrite,
  edit: { changes: { [uri]: [{ range: toRange(text, span), newText }] } },
});

/** Where no group has a name yet. */
function nameGroups(document: OpenDocument, directive: Directive): CodeAction[] {
  const tree = partsOf(directive).pattern?.compiled?.tree;
  if (!tree || tree.groupCount === 0 || tree.groupNames.size > 0) return [];
  if (lastField(directive, 'captures') || !lastField(directive, 'pattern')) return [];
  const edit = capturesEdit(document.text.getText(), directive, proposeNames(tree));
  return [toAction(document, 'Name the groups of the pattern', edit)];
}

function addCondition(document: OpenDocument, directive: Directive): CodeAction[] {
  const after = lastField(directive, 'captures') ?? lastField(directive, 'pattern');
  const [capture] = findCaptures(directive);
  if (!after || !capture || lastField(directive, 'condition')) return [];
  const value = `"float(${capture.name}) > 0"`;
  const edit = fieldAddition(document.text.getText(), directive, { key: 'condition', value, after });
  return [toAction(document, 'Add a condition', edit)];
}

/** A capture under the cursor that no function takes yet. */
function wrapInFloat(document: OpenDocument, directive: Directive, offset: number): CodeAction[] {
  const names = findCaptures(directive).map(({ name }) => name);
  const condition = partsOf(directive).conditions.find((text) => contains(spanOf(text), offset));
  const uses = condition ? (parseCondition(condition.text).value?.names ?? []) : [];
  for (const { name, offset: start } of uses) {
    const span = condition && spanIn(condition, start, start + name.length);
    const isTaken = /\w\($/.test(condition?.text.slice(0, start) ?? '');
    const isText = condition?.text[start + name.length] === '.';
    if (span && !isTaken && !isText && names.includes(name) && contains(span, offset))
      return [toAction(document, `Wrap ${name} in float()`, replace(span, `float(${name})`))];
  }
  return [];
}
