// What is wrong with a condition: its grammar, names that nothing defines, text compared with numbers.
import { builtins } from './condition/builtins';
import { parseCondition as parseAnew } from './condition/parser';
import { findMethod, type Gives } from './condition/reference';
import type { CompareOperator, Condition, Expression } from './condition/tree';
import { spanIn, type MappedText } from './mappedText';
import { findNearest } from './nearest';
import { toProblem, type Fix, type Problem } from './problem';
import { remember } from './remembered';
import { builtInVariables, isBuiltInVariable } from './variables';

/** Equal conditions are parsed once, as long as they are remembered. */
const parseCondition = remember(2000, parseAnew);

export interface CheckedCondition {
  /** Undefined where it does not parse: it cannot hold. */
  readonly condition: Condition | undefined;
  readonly problems: readonly Problem[];
}

/** How a group of the pattern is called, or what gives it a name; undefined where there is no such group. */
export type NameGroup = (
  group: number,
) => { readonly name: string; readonly edits: Fix['edits'] } | undefined;

export function checkCondition(
  value: MappedText,
  captures: readonly string[],
  nameGroup: NameGroup = () => undefined,
): CheckedCondition {
  const { value: condition, problems } = parseCondition(value.text);
  if (!condition) {
    return {
      condition,
      problems: problems.map(({ code, message, offset, remedy: known }) => {
        const remedy =
          code === 'positional-in-condition'
            ? 'Name the group in captures, and use the name.'
            : (known ?? 'Write a Python expression over the captures, such as float(loss) > 10.');
        const fix = code === 'positional-in-condition' ? toNamingFix(value, nameGroup) : undefined;
        const place = spanIn(value, offset);
        return toProblem(code, place, `The condition is not valid: ${message}.`, remedy, fix && { fix });
      }),
    };
  }
  const found: Problem[] = [];
  for (const use of condition.names) {
    const { name, called } = use;
    if (captures.includes(name) || (called && builtins.has(name)) || isBuiltInVariable(name)) continue;
    found.push(toUnknownName(use, value, captures));
  }
  found.push(...findTextComparisons(condition.tree, value, captures));
  return { condition, problems: found };
}

/** Names each group that the condition uses by its number, and uses the names. */
function toNamingFix(value: MappedText, nameGroup: NameGroup): Fix | undefined {
  const uses = [...value.text.matchAll(/\$(?:\{(\d+)\}|(\d+))/g)];
  const named = new Map(
    uses.map(({ 1: braced, 2: plain }) => Number(braced ?? plain)).map((group) => [group, nameGroup(group)]),
  );
  const edits: Fix['edits'][number][] = [...named.values()].flatMap((found) => found?.edits ?? []);
  for (const { 0: use, 1: braced, 2: plain, index } of uses) {
    const found = named.get(Number(braced ?? plain));
    if (!found) return undefined;
    edits.push({ span: spanIn(value, index, index + use.length), newText: found.name });
  }
  return uses.length === 0 ? undefined : { title: 'Name the group', edits };
}

function toUnknownName(
  { name, offset, called }: Condition['names'][number],
  value: MappedText,
  captures: readonly string[],
): Problem {
  const known = called ? [...builtins.keys()] : [...captures, ...Object.keys(builtInVariables)];
  const nearest = findNearest(name, known);
  const span = spanIn(value, offset, offset + name.length);
  const remedy =
    nearest === undefined
      ? called
        ? `Functions are: ${known.join(', ')}.`
        : `Name a group of the pattern "${name}" in captures.`
      : `Write ${nearest}.`;
  const fix =
    nearest === undefined ? {} : { fix: { title: `Write ${nearest}`, edits: [{ span, newText: nearest }] } };
  return toProblem(
    'unknown-name',
    span,
    `Nothing defines "${name}"${nearest === undefined ? '.' : `: did you mean "${nearest}"?`}`,
    remedy,
    fix,
  );
}

/** A capture beside a number: Python raises TypeError for order, and finds text and number never equal. */
function findTextComparisons(tree: Expression, value: MappedText, captures: readonly string[]): Problem[] {
  const found: Problem[] = [];
  visitComparisons(tree, ({ first, rest }) => {
    let left = first;
    for (const { sign, operand } of rest) {
      if (textSigns.has(sign)) {
        const text =
          isText(left, captures) && isNumber(operand, captures)
            ? left
            : isText(operand, captures) && isNumber(left, captures)
              ? operand
              : undefined;
        if (text && !found.some(({ span }) => span.start === spanIn(value, text.start, text.end).start))
          found.push(toTextComparison(value, text));
      }
      left = operand;
    }
  });
  return found;
}

const textSigns: ReadonlySet<CompareOperator> = new Set(['<', '<=', '>', '>=', '==', '!=']);

function toTextComparison(value: MappedText, { start, end }: Expression): Problem {
  const span = spanIn(value, start, end);
  const source = value.text.slice(start, end);
  const newText = `float(${source})`;
  return toProblem(
    'string-compared-with-number',
    span,
    `"${source}" is text and cannot be compared with a number.`,
    `Write ${newText}.`,
    { fix: { title: `Write ${newText}`, edits: [{ span, newText }] } },
  );
}

/** Captures and built-in names are text, and so is what text methods make of them. */
function isText(expression: Expression, captures: readonly string[]): boolean {
  switch (expression.op) {
    case 'name':
      return captures.includes(expression.name) || isTextVariable(expression.name);
    case 'index':
      return isText(expression.target, captures) || methodGives(expression.target, 'texts');
    case 'slice':
      return isText(expression.target, captures);
    case 'call':
      return expression.method === undefined
        ? expression.target.op === 'name' && expression.target.name === 'str'
        : methodGives(expression, 'text');
    default:
      return false;
  }
}

const methodGives = (expression: Expression, kind: Gives): boolean =>
  expression.op === 'call' &&
  expression.method !== undefined &&
  findMethod(expression.method)?.gives === kind;

const isTextVariable = (name: string): boolean => isBuiltInVariable(name) && name !== 'trigger_count';

function isNumber(expression: Expression, captures: readonly string[]): boolean {
  switch (expression.op) {
    case 'literal':
      return typeof expression.value === 'number' || typeof expression.value === 'bigint';
    case 'name':
      return expression.name === 'trigger_count' && !captures.includes(expression.name);
    case 'unary':
      return isNumber(expression.operand, captures);
    case 'arithmetic':
      return isNumber(expression.left, captures) && isNumber(expression.right, captures);
    case 'call':
      return expression.method === undefined
        ? expression.target.op === 'name' && ['float', 'int', 'len', 'round'].includes(expression.target.name)
        : methodGives(expression, 'number');
    default:
      return false;
  }
}

type Comparison = Extract<Expression, { readonly op: 'compare' }>;

function visitComparisons(tree: Expression, see: (comparison: Comparison) => void): void {
  switch (tree.op) {
    case 'literal':
    case 'name':
      return;
    case 'compare':
      see(tree);
      visitComparisons(tree.first, see);
      for (const { operand } of tree.rest) visitComparisons(operand, see);
      return;
    case 'and':
    case 'or':
    case 'arithmetic':
      visitComparisons(tree.left, see);
      visitComparisons(tree.right, see);
      return;
    case 'not':
    case 'unary':
      visitComparisons(tree.operand, see);
      return;
    case 'call':
      visitComparisons(tree.target, see);
      for (const { value } of tree.args) visitComparisons(value, see);
      return;
    case 'list':
    case 'tuple':
      for (const item of tree.items) visitComparisons(item, see);
      return;
    case 'choice':
      visitComparisons(tree.test, see);
      visitComparisons(tree.yes, see);
      visitComparisons(tree.no, see);
      return;
    case 'index':
      visitComparisons(tree.target, see);
      visitComparisons(tree.index, see);
      return;
    case 'slice':
      visitComparisons(tree.target, see);
      for (const bound of tree.bounds) if (bound) visitComparisons(bound, see);
  }
}
