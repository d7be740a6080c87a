// The syntax tree of a Python pattern; every node knows its place in the pattern and the flags that hold there.
import type { Span } from '../text';

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

export type Category = 'digit' | 'space' | 'word';

export type SetItem =
  | { readonly kind: 'range'; readonly low: number; readonly high: number }
  | { readonly kind: 'category'; readonly category: Category; readonly negate: boolean };

export type Anchor = 'lineStart' | 'lineEnd' | 'textStart' | 'textEnd' | 'boundary' | 'nonBoundary';
export type Sequence = readonly Node[];

interface Common {
  /** UTF-16 offsets in the pattern. */
  readonly span: Span;
  readonly flags: Flags;
}

export type Node = Common &
  (
    | { readonly op: 'set'; readonly negate: boolean; readonly items: readonly SetItem[] }
    | { readonly op: 'any' }
    | { readonly op: 'anchor'; readonly anchor: Anchor }
    | { readonly op: 'group'; readonly group: number; readonly name: string | null; readonly body: Sequence }
    | { readonly op: 'scope'; readonly body: Sequence }
    | { readonly op: 'branch'; readonly branches: readonly Sequence[] }
    | {
        readonly op: 'repeat';
        readonly min: number;
        /** Infinity where there is none. */
        readonly max: number;
        readonly mode: 'greedy' | 'lazy' | 'possessive';
        readonly body: Sequence;
      }
    | { readonly op: 'look'; readonly behind: boolean; readonly negate: boolean; readonly body: Sequence }
    | { readonly op: 'atomic'; readonly body: Sequence }
    | { readonly op: 'reference'; readonly group: number }
    | {
        readonly op: 'conditional';
        readonly group: number;
        readonly yes: Sequence;
        readonly no: Sequence | null;
      }
  );

export interface ParsedPattern {
  readonly source: string;
  readonly body: Sequence;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  readonly groupWidths: ReadonlyMap<number, Width>;
}

/** Least and greatest number of characters that a sequence matches; group widths are those of the groups closed so far. */
export function widthOf(sequence: Sequence, groupWidths: ReadonlyMap<number, Width>): Width {
  let low = 0;
  let high = 0;
  for (const node of sequence) {
    const width = nodeWidth(node, groupWidths);
    low += width.low;
    high += width.high;
  }
  return { low, high };
}

export interface Width {
  readonly low: number;
  readonly high: number;
}

function nodeWidth(node: Node, groupWidths: ReadonlyMap<number, Width>): Width {
  switch (node.op) {
    case 'set':
    case 'any':
      return { low: 1, high: 1 };
    case 'anchor':
    case 'look':
      return { low: 0, high: 0 };
    case 'group':
    case 'scope':
    case 'atomic':
      return widthOf(node.body, groupWidths);
    case 'branch':
      return unite(node.branches.map((branch) => widthOf(branch, groupWidths)));
    case 'conditional':
      return unite([widthOf(node.yes, groupWidths), widthOf(node.no ?? [], groupWidths)]);
    case 'reference':
      return groupWidths.get(node.group) ?? { low: 0, high: Infinity };
    case 'repeat': {
      const { low, high } = widthOf(node.body, groupWidths);
      return { low: low * node.min, high: high === 0 ? 0 : high * node.max };
    }
  }
}

const unite = (widths: readonly Width[]): Width => ({
  low: Math.min(...widths.map(({ low }) => low)),
  high: Math.max(...widths.map(({ high }) => high)),
});
