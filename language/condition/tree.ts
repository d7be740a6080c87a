// The syntax tree of a condition; offsets are UTF-16 units of its source.

export type CompareOperator = '<' | '<=' | '>' | '>=' | '==' | '!=' | 'in' | 'not in' | 'is' | 'is not';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type BitOperator = '&' | '|' | '^' | '<<' | '>>';

interface Place {
  readonly start: number;
  readonly end: number;
}

export type Expression = Place &
  (
    | { readonly op: 'literal'; readonly value: bigint | number | string | boolean | null }
    | { readonly op: 'name'; readonly name: string }
    | { readonly op: 'list' | 'tuple'; readonly items: readonly Expression[] }
    | { readonly op: 'unary'; readonly sign: '+' | '-' | '~'; readonly operand: Expression }
    | {
        readonly op: 'arithmetic';
        readonly sign: ArithmeticOperator | BitOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly op: 'compare';
        readonly first: Expression;
        readonly rest: readonly { readonly sign: CompareOperator; readonly operand: Expression }[];
      }
    | { readonly op: 'not'; readonly operand: Expression }
    | { readonly op: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
    | { readonly op: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
    | { readonly op: 'index'; readonly target: Expression; readonly index: Expression }
    | {
        readonly op: 'slice';
        readonly target: Expression;
        readonly bounds: readonly (Expression | undefined)[];
      }
    | {
        readonly op: 'call';
        readonly target: Expression;
        readonly method: string | undefined;
        readonly args: readonly Argument[];
      }
  );

export interface Argument {
  /** Set for `name=value`. */
  readonly name: string | undefined;
  readonly value: Expression;
}

/** A parsed condition: evaluate it with evaluateCondition. */
export interface Condition {
  readonly source: string;
  readonly tree: Expression;
  /** Every use of a name that is a variable, or is called like a function. */
  readonly names: readonly { readonly name: string; readonly offset: number; readonly called: boolean }[];
}

/** What stands right inside an expression. */
export function childrenOf(tree: Expression): readonly Expression[] {
  const found: Expression[] = [];
  for (const part of Object.values(tree) as unknown[]) collect(part, found);
  return found;
}

/** Nodes are objects with an `op`; what holds them are lists, arguments and the parts of comparisons. */
function collect(part: unknown, found: Expression[]): void {
  if (Array.isArray(part)) for (const item of part) collect(item, found);
  else if (typeof part === 'object' && part !== null) {
    if ('op' in part) found.push(part as Expression);
    else for (const inner of Object.values(part) as unknown[]) collect(inner, found);
  }
}
