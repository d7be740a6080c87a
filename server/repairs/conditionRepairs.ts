// Repairs of conditions: other languages' operators, `$` before names, groups and names that nothing defines yet.
import { spanIn, spanOf, type MappedText } from '../../language/mappedText';
import type { Fix } from '../../language/problem';
import { partsOf } from '../directiveParts';
import { contains } from '../ranges';
import { capturesEdit, insert, replace, toFix, type DirectiveTrouble } from './edits';

/** Of C, shells and SQL, in Python. */
const operators: Readonly<Record<string, string>> = { '=': '==', '&': 'and', '|': 'or', '!': 'not' };

export function repairCondition({ document, problem, directive, marked }: DirectiveTrouble): readonly Fix[] {
  const condition = conditionAt(directive, problem.span.start);
  if (!condition) return [];
  if (/"[)\]]" is missing/.test(problem.message))
    return [toFix('Close it', insert(spanOf(condition).end, /"(.)"/.exec(problem.message)?.[1] ?? ''))];
  const word = operators[marked];
  if (word === undefined) return [];
  const script = document.text.getText();
  const { start } = problem.span;
  const end = start + (script[start + 1] === marked ? 2 : 1);
  const left = word === '==' || /\s/.test(script[start - 1] ?? '') || marked === '!' ? '' : ' ';
  const right = word === '==' || /\s/.test(script[end] ?? '') ? '' : ' ';
  return [toFix(`Write ${word}`, replace({ start, end }, left + word + right))];
}

const conditionAt = (directive: DirectiveTrouble['directive'], offset: number): MappedText | undefined =>
  partsOf(directive).conditions.find((text) => contains(spanOf(text), offset));

/** `$x` becomes x. For `$2` the problem brings its own fix, which names the group. */
export function repairPositional({ problem, directive }: DirectiveTrouble): readonly Fix[] {
  const condition = conditionAt(directive, problem.span.start);
  const uses = [...(condition?.text.matchAll(/\$(?:\{(\w+)\}|(\w+))/g) ?? [])];
  if (!condition || uses.length === 0) return [];
  const edits = uses.flatMap(({ index, 0: whole, 1: braced, 2: plain }) =>
    replace(spanIn(condition, index, index + whole.length), braced ?? plain ?? ''),
  );
  return [toFix('Use the name', ...edits)];
}

/** The first group without a name may be meant. */
export function repairUnknownName({ document, marked, directive }: DirectiveTrouble): readonly Fix[] {
  const { pattern, names } = partsOf(directive);
  const tree = pattern?.compiled?.tree;
  const next = names.length;
  if (!tree || next >= tree.groupCount || tree.groups[next]?.name !== undefined) return [];
  const list = [...names.map(({ text }) => text), marked];
  return [toFix(`Name group ${next + 1} ${marked}`, capturesEdit(document.text.getText(), directive, list))];
}
