// How many characters a node can take, as CPython counts: it decides what may stand in a lookbehind.
import type { Node, Width } from './tree';

/** CPython's MAXREPEAT: widths stop growing there. */
export const maxRepeat = 4294967295;

/** Width of each closed group by number, for backreferences. */
export type GroupWidths = ReadonlyMap<number, Width>;

const clamp = ({ min, max }: Width): Width => ({
  min: Math.min(min, maxRepeat - 1),
  max: Math.min(max, maxRepeat),
});

const add = (one: Width, other: Width): Width => ({ min: one.min + other.min, max: one.max + other.max });
const either = (one: Width, other: Width): Width => ({
  min: Math.min(one.min, other.min),
  max: Math.max(one.max, other.max),
});
const times = (count: number, width: number): number => (width === 0 ? 0 : count * width);

const nothing: Width = { min: 0, max: 0 };

export function widthOf(node: Node, groups: GroupWidths): Width {
  switch (node.kind) {
    case 'unit':
    case 'any':
      return { min: 1, max: 1 };
    case 'place':
    case 'look':
      return nothing;
    case 'sequence':
      return clamp(node.nodes.map((child) => widthOf(child, groups)).reduce(add, nothing));
    case 'alternation':
      return clamp(node.alternatives.map((child) => widthOf(child, groups)).reduce(either));
    case 'group':
    case 'atomic':
      return widthOf(node.body, groups);
    case 'repeat': {
      const { min, max } = widthOf(node.body, groups);
      return clamp({ min: times(node.min, min), max: times(Math.min(node.max, maxRepeat), max) });
    }
    case 'backreference':
      return groups.get(node.group) ?? nothing;
    case 'conditional': {
      const no = node.no === undefined ? nothing : widthOf(node.no, groups);
      return clamp(either(widthOf(node.yes, groups), no));
    }
  }
}
