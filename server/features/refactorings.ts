// Refactorings: names for the groups of a pattern, a condition for a watcher, float() around a capture.
import { CodeActionKind, type CodeAction } from 'vscode-languageserver';
import { parseCondition } from '../../language/condition/parser';
import type { WrittenField } from '../../language/inline';
import { spanIn, spanOf } from '../../language/mappedText';
import type { Directive } from '../../language/script';
import type { Span } from '../../language/text';
import { findCaptures } from '../captures';
import { proposeNames } from '../captureNames';
import { partsOf } from '../directiveParts';
import type { OpenDocument } from '../documents';
import { contains, toRange } from '../ranges';

export const findRefactorings = (document: OpenDocument, asked: Span): CodeAction[] =>
  document.script.directives
    .filter(({ span }) => span.start <= asked.end && asked.start <= span.end)
    .flatMap((directive) => [
      ...nameGroups(document, directive),
      ...addCondition(document, directive),
      ...wrapInFloat(document, directive, asked.start),
    ]);

const toAction = ({ uri, text }: OpenDocument, title: string, span: Span, newText: string): CodeAction => ({
  title,
  kind: CodeActionKind.RefactorRewrite,
  edit: { changes: { [uri]: [{ range: toRange(text, span), newText }] } },
});

const findField = ({ fields }: Directive, name: WrittenField['field']): WrittenField | undefined =>
  fields.filter(({ field }) => field === name).at(-1);

/** Where no group has a name yet. */
function nameGroups(document: OpenDocument, directive: Directive): CodeAction[] {
  const { pattern } = partsOf(directive);
  const field = findField(directive, 'pattern');
  const tree = pattern?.compiled?.tree;
  if (!field || !tree || tree.groupCount === 0 || tree.groupNames.size > 0) return [];
  if (findField(directive, 'captures')) return [];
  const value = `[${proposeNames(tree).join(', ')}]`;
  return [
    addField(document, directive, {
      after: field,
      key: 'captures',
      value,
      title: 'Name the groups of the pattern',
    }),
  ];
}

function addCondition(document: OpenDocument, directive: Directive): CodeAction[] {
  const field = findField(directive, 'captures') ?? findField(directive, 'pattern');
  const [capture] = findCaptures(directive);
  if (!field || !capture || findField(directive, 'condition')) return [];
  const value = `"float(${capture.name}) > 0"`;
  return [addField(document, directive, { after: field, key: 'condition', value, title: 'Add a condition' })];
}

interface NewField {
  readonly after: WrittenField;
  readonly key: string;
  readonly value: string;
  readonly title: string;
}

/** Behind another field: in its line, or in a block in a line of its own that begins like that one. */
function addField(
  document: OpenDocument,
  { kind }: Directive,
  { after, key, value, title }: NewField,
): CodeAction {
  const end = spanOf(after.value).end;
  if (kind === 'inline') return toAction(document, title, { start: end, end }, ` ${key}=${value}`);
  const script = document.text.getText();
  const start = spanOf(after.key).start;
  const margin = script.slice(script.lastIndexOf('\n', start - 1) + 1, start);
  const lineEnd = /\r?\n|$/.exec(script.slice(end));
  const at = end + (lineEnd?.index ?? 0);
  return toAction(
    document,
    title,
    { start: at, end: at },
    `${lineEnd?.[0] || '\n'}${margin}${key}: ${value}`,
  );
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
      return [toAction(document, `Wrap ${name} in float()`, span, `float(${name})`)];
  }
  return [];
}
