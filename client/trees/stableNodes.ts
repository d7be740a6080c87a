// The nodes of a tree by key: each thing keeps its node, and only what looks otherwise than before is drawn again.
import type { Time } from '../../engine/model';

export interface Outline<Node> {
  /** What stands below a node, in order; undefined: the tree itself. */
  readonly childrenOf: (node: Node | undefined) => readonly Node[];
  /** All that can be seen of a node by itself. */
  readonly describe: (node: Node, now: Time) => string;
}

/**
 * VS Code knows nodes by identity, and forgets all of those that it draws again: a click in that moment would be about
 * nothing.
 */
export class StableNodes<Node extends object> {
  readonly #nodes = new Map<string, Node>();
  readonly #looks = new Map<Node | undefined, ReadonlyMap<Node, string>>();
  readonly #orders = new Map<Node | undefined, string>();

  constructor(private readonly outline: Outline<Node>) {}

  /** The node that is known for the same thing; the given one if there is none. */
  keep<Kind extends Node>(node: Kind): Kind {
    const key = toKey(node);
    const known = (this.#nodes.get(key) as Kind | undefined) ?? node;
    this.#nodes.set(key, known);
    return known;
  }

  /**
   * What is to be drawn again below `root` since this was asked last: nodes whose own look or whose children are others;
   * `all` if the children of `root` itself are, or nothing was drawn yet. What is gone is forgotten.
   */
  findChanged(root: Node | undefined, now: Time): Node[] | 'all' {
    const looks = new Map<Node, string>();
    const order = this.#look(root, now, looks);
    const before = this.#looks.get(root);
    const isSame = before !== undefined && this.#orders.get(root) === order;
    this.#looks.set(root, looks);
    this.#orders.set(root, order);
    for (const node of before?.keys() ?? []) if (!looks.has(node)) this.#nodes.delete(toKey(node));
    if (!isSame) return 'all';
    return [...looks].filter(([node, look]) => before.get(node) !== look).map(([node]) => node);
  }

  /** Notes how all below a node look, a parent before its children, and gives the keys of its children. */
  #look(node: Node | undefined, now: Time, looks: Map<Node, string>): string {
    const children = this.outline.childrenOf(node);
    for (const child of children) {
      const look = this.outline.describe(child, now);
      // First for its place in the order of drawing, then with its children.
      looks.set(child, look);
      looks.set(child, `${look}\n${this.#look(child, now, looks)}`);
    }
    return children.map(toKey).join('\n');
  }
}

const toKey = (node: object): string => JSON.stringify(node);
