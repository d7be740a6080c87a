// Evaluates conditions: each is compiled once into closures, and runs within bounds.
import { affirm, calculate, negate } from './arithmetic';
import { combineBits, invert, isBitOperator } from './bits';
import { builtins } from './builtins';
import { countCharacters, findText, sliceCharacters, toCharacters } from './characters';
import { beginWork, endWork, isLargeInt, maxWork, noteInt, spend, type WorkBudget } from './limits';
import type { Call } from './methodArguments';
import { stringMethods } from './methods';
import { PyError, WorkError } from './pyError';
import { sequenceMethods } from './sequenceMethods';
import {
  compare,
  equals,
  isSequence,
  toList,
  toNumber,
  toTuple,
  truth,
  typeName,
  type PyValue,
} from './values';
import type { CompareOperator, Condition, Expression } from './tree';

/** Captures are text, trigger_count a number; null: known but without a value, which is None. */
export type Variables = Readonly<Record<string, string | number | null>>;

export type Evaluation =
  { readonly ok: true; readonly value: PyValue } | { readonly ok: false; readonly error: EvaluationError };

export interface EvaluationError {
  /** Python's name of the error; LimitError where our bounds refuse. */
  readonly type: string;
  readonly message: string;
  /** UTF-16 offset in the condition. */
  readonly offset: number;
  /** It was stopped: the work that it may do was used up. */
  readonly stopped: boolean;
}

type Run = (variables: Variables) => PyValue;

const compiled = new WeakMap<Condition, Run>();

/** Never throws: what goes wrong is the answer, too much work as well. Takes what it does from the budget of several. */
export function evaluateCondition(
  condition: Condition,
  variables: Variables,
  budget?: WorkBudget,
): Evaluation {
  let run = compiled.get(condition);
  if (!run) compiled.set(condition, (run = compile(condition.tree, false)));
  const allowed = budget && budget.left < maxWork ? Math.max(0, budget.left) : maxWork;
  const around = beginWork(allowed);
  let evaluation: Evaluation;
  try {
    evaluation = { ok: true, value: run(variables) };
  } catch (error) {
    evaluation = { ok: false, error: toError(error, condition, variables) };
  } finally {
    const left = endWork(around);
    if (budget) budget.left -= allowed - Math.max(0, left);
  }
  return evaluation;
}

function toError(error: unknown, condition: Condition, variables: Variables): EvaluationError {
  if (error instanceof WorkError)
    return { type: error.type, message: error.message, offset: 0, stopped: true };
  // Only now the place counts: the same again, for it, in what is left of the work.
  if (error instanceof PyError) {
    const offset = findPlace(condition, variables);
    return { type: error.type, message: error.message, offset, stopped: false };
  }
  if (error instanceof RangeError)
    return { type: 'LimitError', message: 'the condition needs too much', offset: 0, stopped: false };
  throw error;
}

function findPlace(condition: Condition, variables: Variables): number {
  try {
    compile(condition.tree, true)(variables);
    return 0;
  } catch (error) {
    return error instanceof PyError ? Math.max(0, error.offset) : 0;
  }
}

/** With `places`, errors get the place of the innermost expression that raises them: that costs half of the speed. */
function compile(expression: Expression, places: boolean): Run {
  const run = compileBare(expression, places);
  if (!places || expression.op === 'literal') return run;
  return (variables) => {
    try {
      return run(variables);
    } catch (error) {
      if (error instanceof PyError && error.offset < 0) error.offset = expression.start;
      throw error;
    }
  };
}

function compileBare(expression: Expression, places: boolean): Run {
  switch (expression.op) {
    case 'literal': {
      const { value } = expression;
      if (typeof value === 'bigint' && isLargeInt(value)) return () => noteInt(value);
      return () => value;
    }
    case 'name':
      return compileName(expression.name);
    case 'list':
    case 'tuple': {
      const items = expression.items.map((item) => compile(item, places));
      const build = expression.op === 'list' ? toList : toTuple;
      return (variables) => build(items.map((item) => item(variables)));
    }
    case 'unary': {
      const operand = compile(expression.operand, places);
      const apply = unaryOperators[expression.sign];
      return (variables) => apply(operand(variables));
    }
    case 'arithmetic': {
      const { sign } = expression;
      const [left, right] = [compile(expression.left, places), compile(expression.right, places)];
      if (isBitOperator(sign)) return (variables) => combineBits(left(variables), sign, right(variables));
      return (variables) => calculate(left(variables), sign, right(variables));
    }
    case 'compare':
      return compileComparison(expression, places);
    case 'not': {
      const operand = compile(expression.operand, places);
      return (variables) => !truth(operand(variables));
    }
    case 'and':
    case 'or':
      return compileJunction(expression, places);
    case 'choice': {
      const [test, yes, no] = [
        compile(expression.test, places),
        compile(expression.yes, places),
        compile(expression.no, places),
      ];
      return (variables) => (truth(test(variables)) ? yes : no)(variables);
    }
    case 'index': {
      const [target, index] = [compile(expression.target, places), compile(expression.index, places)];
      return (variables) => pick(target(variables), index(variables));
    }
    case 'slice': {
      const target = compile(expression.target, places);
      const bounds = expression.bounds.map((bound) => bound && compile(bound, places));
      return (variables) =>
        slice(
          target(variables),
          bounds.map((bound) => bound?.(variables) ?? null),
        );
    }
    case 'call':
      return compileCall(expression, places);
  }
}

const unaryOperators = { '-': negate, '+': affirm, '~': invert } as const;

function compileName(name: string): Run {
  return (variables) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) throw new PyError('NameError', `name '${name}' is not defined`);
    return typeof value === 'number' ? BigInt(value) : value;
  };
}

/** Chains of `and` and `or` nest to the left: they are flattened, so that depth stays bounded. */
function compileJunction(expression: Extract<Expression, { op: 'and' | 'or' }>, places: boolean): Run {
  const [left, right] = [compile(expression.left, places), compile(expression.right, places)];
  const goesOn = expression.op === 'and';
  return (variables) => {
    const value = left(variables);
    return truth(value) === goesOn ? right(variables) : value;
  };
}

function compileComparison({ first, rest }: Extract<Expression, { op: 'compare' }>, places: boolean): Run {
  const start = compile(first, places);
  const links = rest.map(({ sign, operand }) => ({ sign, operand: compile(operand, places) }));
  const [only] = links;
  if (only && links.length === 1) {
    const { sign, operand } = only;
    return (variables) => holds(start(variables), sign, operand(variables));
  }
  return (variables) => {
    let left = start(variables);
    for (const { sign, operand } of links) {
      const right = operand(variables);
      if (!holds(left, sign, right)) return false;
      left = right;
    }
    return true;
  };
}

function holds(left: PyValue, sign: CompareOperator, right: PyValue): boolean {
  switch (sign) {
    case '==':
      return equals(left, right);
    case '!=':
      return !equals(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    case 'is':
      return isSame(left, right);
    case 'is not':
      return !isSame(left, right);
    default:
      return compare(left, sign, right);
  }
}

/** Scalars of one type and value count as one object, but a nan: conditions cannot name one twice. */
const isSame = (left: PyValue, right: PyValue): boolean =>
  typeof left === typeof right && Object.is(left, right) && !Number.isNaN(left);

/** Arguments come before the error: one of their own is Python's answer. */
function callOther(value: PyValue, _call: Call): never {
  throw new PyError('TypeError', `'${typeName(value)}' object is not callable`);
}

/** What costs less to look at than to count. */
const shortLength = 64;

function contains(container: PyValue, item: PyValue): boolean {
  if (typeof container === 'string') {
    if (typeof item === 'string')
      return container.length <= shortLength ? container.includes(item) : findText(container, item, 0) >= 0;
    throw new PyError('TypeError', `'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (isSequence(container))
    return container.items.some((member) => {
      spend(30);
      return equals(member, item);
    });
  throw new PyError('TypeError', `argument of type '${typeName(container)}' is not iterable`);
}

const noNames: Call['named'] = new Map();

function compileCall({ target, method, args }: Extract<Expression, { op: 'call' }>, places: boolean): Run {
  const compiledArgs = args.map(({ name, value }) => ({ name, value: compile(value, places) }));
  const positional = compiledArgs.map(({ value }) => value);
  const single = positional.length === 1 ? positional[0] : undefined;
  const hasNames = args.some(({ name }) => name !== undefined);
  const toCall = (variables: Variables): Call => {
    if (!hasNames && single) return { args: [single(variables)], named: noNames };
    if (!hasNames) return { args: positional.map((value) => value(variables)), named: noNames };
    const values: PyValue[] = [];
    const named = new Map<string, PyValue>();
    for (const { name, value } of compiledArgs) {
      if (name === undefined) values.push(value(variables));
      else named.set(name, value(variables));
    }
    return { args: values, named };
  };
  if (method !== undefined) {
    const ofText = stringMethods.get(method);
    const ofSequence = sequenceMethods.get(method);
    const object = compile(target, places);
    return (variables) => {
      const value = object(variables);
      if (typeof value === 'string' && ofText) return ofText(value, toCall(variables));
      if (isSequence(value) && ofSequence) return ofSequence(value, toCall(variables));
      throw new PyError('AttributeError', `'${typeName(value)}' object has no attribute '${method}'`);
    };
  }
  if (target.op === 'name') {
    const builtin = builtins.get(target.name);
    const value = compileName(target.name);
    return (variables) => {
      // A capture of that name hides the function, as in Python.
      if (builtin && !Object.hasOwn(variables, target.name)) return builtin(toCall(variables));
      return callOther(value(variables), toCall(variables));
    };
  }
  const value = compile(target, places);
  return (variables) => callOther(value(variables), toCall(variables));
}

function countItems(value: PyValue): number {
  if (typeof value === 'string') return countCharacters(value);
  if (isSequence(value)) return value.items.length;
  throw new PyError('TypeError', `'${typeName(value)}' object is not subscriptable`);
}

function pick(target: PyValue, index: PyValue): PyValue {
  const length = countItems(target);
  const kind = typeof target === 'string' ? 'string' : typeName(target);
  const number = toNumber(index);
  if (typeof number !== 'bigint')
    throw new PyError('TypeError', `${kind} indices must be integers, not '${typeName(index)}'`);
  const at = Number(number);
  const place = at < 0 ? at + length : at;
  if (place < 0 || place >= length) throw new PyError('IndexError', `${kind} index out of range`);
  if (typeof target === 'string') return sliceCharacters(target, place, place + 1);
  return isSequence(target) ? (target.items[place] ?? null) : null;
}

/** PySlice_AdjustIndices: bounds are clamped, a negative step goes from the end. */
function slice(target: PyValue, [start = null, stop = null, stride = null]: readonly PyValue[]): PyValue {
  const length = countItems(target);
  const toBound = (value: PyValue): number | null => {
    if (value === null) return null;
    const number = toNumber(value);
    if (typeof number !== 'bigint')
      throw new PyError('TypeError', 'slice indices must be integers or None or have an __index__ method');
    return Number(number);
  };
  const step = toBound(stride) ?? 1;
  if (step === 0) throw new PyError('ValueError', 'slice step cannot be zero');
  const [lowest, highest] = step < 0 ? [-1, length - 1] : [0, length];
  const clamp = (bound: number | null, absent: number): number => {
    if (bound === null) return absent;
    const at = bound < 0 ? bound + length : bound;
    return Math.max(lowest, Math.min(at, highest));
  };
  const from = clamp(toBound(start), step < 0 ? highest : lowest);
  const to = clamp(toBound(stop), step < 0 ? lowest : highest);
  if (typeof target === 'string') {
    if (step === 1) return sliceCharacters(target, from, to);
    return pickItems(toCharacters(target), from, to, step).join('');
  }
  if (!isSequence(target)) return null;
  const picked = pickItems(target.items, from, to, step);
  return target.kind === 'list' ? toList(picked) : toTuple(picked);
}

function pickItems<Item>(items: readonly Item[], from: number, to: number, step: number): Item[] {
  const picked: Item[] = [];
  for (let at = from; step < 0 ? at > to : at < to; at += step) {
    spend(15);
    const item = items[at];
    if (item !== undefined) picked.push(item);
  }
  return picked;
}
