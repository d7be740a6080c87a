// What is wrong with a condition: its grammar, names that nothing defines, text compared with numbers.
import { builtins } from './condition/builtins';
import { parseCondition as parseAnew } from './condition/parser';
import type { Condition, Expression } from './condition/tree';
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
      problems: problems.map(({ code, message, offset }) => {
        const remedy =
          code === 'positional-in-condition'
            ? 'Name the group in captures, and use the name.'
            : 'Write a Python expression over the captures, such as float(loss) > 10.';
        const fix = code === 'positional-in-condition' ? toNamingFix(value, nameGroup) : undefined;
        const place = spanIn(value, offset);
        return toProblem(code, place, `The condition is not valid: ${message}.`, remedy, fix && { fix });
      }),
    };
  }
  const unknown = condition.names.filter(
    ({ name, called }) =>
      !captures.includes(name) && !isBuiltInVariable(name) && !(called && builtins.has(name)),
  );
  return {
    condition,
    problems: [
      ...unknown.map((use) => toUnknownName(use, value, captures)),
      ...findTextComparisons(condition.tree, value, captures),
    ],
  };
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
  visit(tree, (expression) => {
    if (expression.op !== 'compare') return;
    const operands = [expression.first, ...expression.rest.map(({ operand }) => operand)];
    expression.rest.forEach(({ sign }, index) => {
      if (!['<', '<=', '>', '>=', '==', '!='].includes(sign)) return;
      const [left, right] = [operands[index], operands[index + 1]];
      for (const [text, number] of [
        [left, right],
        [right, left],
      ] as const) {
        if (!text || !number || !isText(text, captures) || !isNumber(number, captures)) continue;
        if (!found.some(({ span }) => span.start === spanIn(value, text.start, text.end).start))
          found.push(toTextComparison(value, text));
      }
    });
  });
  return found;
}

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

const textMethods = new Set(
  'lower upper strip lstrip rstrip title replace join removeprefix removesuffix'.split(' '),
);

/** Captures and built-in names are text, and so is what text methods make of them. */
function isText(expression: Expression, captures: readonly string[]): boolean {
  switch (expression.op) {
    case 'name':
      return captures.includes(expression.name) || isTextVariable(expression.name);
    case 'index':
    case 'slice':
      return isText(expression.target, captures);
    case 'call':
      return expression.method === undefined
        ? expression.target.op === 'name' && expression.target.name === 'str'
        : textMethods.has(expression.method);
    default:
      return false;
  }
}

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
        : expression.method === 'find' || expression.method === 'count';
    default:
      return false;
  }
}

function visit(tree: Expression, see: (expression: Expression) => void): void {
  see(tree);
  if (tree.op !== 'literal' && tree.op !== 'name') for (const inner of childrenOf(tree)) visit(inner, see);
}

function childrenOf(tree: Expression): readonly Expression[] {
  switch (tree.op) {
    case 'literal':
    case 'name':
      return [];
    case 'list':
    case 'tuple':
      return tree.items;
    case 'unary':
    case 'not':
      return [tree.operand];
    case 'arithmetic':
    case 'and':
    case 'or':
      return [tree.left, tree.right];
    case 'compare':
      return [tree.first, ...tree.rest.map(({ operand }) => operand)];
    case 'choice':
      return [tree.test, tree.yes, tree.no];
    case 'index':
      return [tree.target, tree.index];
    case 'slice':
      return [tree.target, ...tree.bounds.filter((bound) => bound !== undefined)];
    case 'call':
      return [tree.target, ...tree.args.map(({ value }) => value)];
  }
}
