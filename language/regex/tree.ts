// The syntax tree of a pattern: every node knows its span in the pattern and the flags that hold there.
import type { Span } from '../text';

export type ClassName = 'digit' | 'space' | 'word';

/** A member of a set: one character, a range, or a class such as `\d`. */
export type SetItem =
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: 'range'; readonly first: number; readonly last: number }
  | { readonly kind: 'class'; readonly name: ClassName; readonly negated: boolean };

/** What decides which characters a node accepts where it stands. */
export interface CaseFlags {
  readonly ignoreCase: boolean;
  /** Classes, boundaries and cases of ASCII only (`(?a)`). */
  readonly ascii: boolean;
}

/** Anything that takes exactly one character: a literal, a set, a class; `any` is the dot. */
export interface UnitNode extends CaseFlags {
  readonly kind: 'unit';
  readonly span: Span;
  readonly items: readonly SetItem[];
  readonly negated: boolean;
}

export interface AnyNode {
  readonly kind: 'any';
  readonly span: Span;
  /** Whether it takes `\n` too. */
  readonly dotAll: boolean;
}

/** A place between characters. `lastLineEnd` is `$` without MULTILINE: the end, or before a final `\n`. */
export type Place =
  'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'lastLineEnd' | 'wordBoundary' | 'noWordBoundary';

export interface PlaceNode {
  readonly kind: 'place';
  readonly span: Span;
  readonly place: Place;
  readonly ascii: boolean;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly span: Span;
  readonly nodes: readonly Node[];
}

export interface AlternationNode {
  readonly kind: 'alternation';
  readonly span: Span;
  readonly alternatives: readonly SequenceNode[];
}

/** Parentheses: capturing where `number` is there; `scoped` where they change flags. */
export interface GroupNode {
  readonly kind: 'group';
  readonly span: Span;
  readonly number: number | undefined;
  readonly name: string | undefined;
  readonly nameSpan: Span | undefined;
  readonly scoped: boolean;
  readonly body: Node;
}

export interface RepeatNode {
  readonly kind: 'repeat';
  readonly span: Span;
  readonly quantifierSpan: Span;
  readonly body: Node;
  readonly min: number;
  /** `Infinity` where there is no bound. */
  readonly max: number;
  readonly mode: 'greedy' | 'lazy' | 'possessive';
}

export interface LookNode {
  readonly kind: 'look';
  readonly span: Span;
  readonly behind: boolean;
  readonly negated: boolean;
  readonly body: Node;
}

export interface AtomicNode {
  readonly kind: 'atomic';
  readonly span: Span;
  readonly body: Node;
}

export interface BackreferenceNode extends CaseFlags {
  readonly kind: 'backreference';
  readonly span: Span;
  readonly group: number;
}

export interface ConditionalNode {
  readonly kind: 'conditional';
  readonly span: Span;
  readonly group: number;
  readonly yes: SequenceNode;
  readonly no: SequenceNode | undefined;
}

export type Node =
  | UnitNode
  | AnyNode
  | PlaceNode
  | SequenceNode
  | AlternationNode
  | GroupNode
  | RepeatNode
  | LookNode
  | AtomicNode
  | BackreferenceNode
  | ConditionalNode;

/** How many characters something can take. */
export interface Width {
  readonly min: number;
  readonly max: number;
}

export interface PatternTree {
  readonly source: string;
  readonly root: Node;
  /** Whether the whole pattern is under the flag ASCII; parts may differ. */
  readonly ascii: boolean;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  /** The capturing groups in order, group 1 first. */
  readonly groups: readonly GroupNode[];
  readonly groupWidths: ReadonlyMap<number, Width>;
  /** What CPython warns of, for example `[[`: offsets in UTF-16 units. */
  readonly warnings: readonly { readonly message: string; readonly offset: number }[];
}

/** The nodes directly below a node. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'unit':
    case 'any':
    case 'place':
    case 'backreference':
      return [];
    case 'sequence':
      return node.nodes;
    case 'alternation':
      return node.alternatives;
    case 'group':
    case 'repeat':
    case 'look':
    case 'atomic':
      return [node.body];
    case 'conditional':
      return node.no === undefined ? [node.yes] : [node.yes, node.no];
  }
}

/** The numbers of the capturing groups at or below a node. */
export function groupsIn(node: Node): readonly number[] {
  const own = node.kind === 'group' && node.number !== undefined ? [node.number] : [];
  return [...own, ...childrenOf(node).flatMap(groupsIn)];
}
