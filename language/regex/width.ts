// How many characters a node can take, as CPython counts: it decides what may stand in a lookbehind.
import type { Node, Width } from './tree';

/** CPython's MAXREPEAT: widths stop growing there. */
export const maxRepeat = 4294967295;

/** Width of each closed group by number, for backreferences. */
export type GroupWidths = ReadonlyMap<number, Width>;

const clamp = (min: number, max: number): Width => ({
  min: Math.min(min, maxRepeat - 1),
  max: Math.min(max, maxRepeat),
});

const times = (count: number, width: number): number => (width === 0 ? 0 : count * width);

/** What most groups hold. */
const isSingle = ({ kind }: Node): boolean => kind === 'unit' || kind === 'any';

const nothing: Width = { min: 0, max: 0 };
const single: Width = { min: 1, max: 1 };

export function widthOf(node: Node, groups: GroupWidths): Width {
  switch (node.kind) {
    case 'unit':
    case 'any':
      return single;
    case 'place':
    case 'look':
      return nothing;
    case 'sequence':
      return widthOfSequence(node.nodes, groups);
    case 'alternation':
      return widthOfEither(node.alternatives, groups);
    case 'group':
    case 'atomic':
      return widthOf(node.body, groups);
    case 'repeat': {
      if (isSingle(node.body)) return clamp(node.min, Math.min(node.max, maxRepeat));
      const { min, max } = widthOf(node.body, groups);
      return clamp(times(node.min, min), times(Math.min(node.max, maxRepeat), max));
    }
    case 'backreference':
      return groups.get(node.group) ?? nothing;
    case 'conditional': {
      const [yes, no] = [widthOf(node.yes, groups), node.no ? widthOf(node.no, groups) : nothing];
      return clamp(Math.min(yes.min, no.min), Math.max(yes.max, no.max));
    }
  }
}

function widthOfSequence(nodes: readonly Node[], groups: GroupWidths): Width {
  let min = 0;
  let max = 0;
  for (const child of nodes) {
    const width = widthOf(child, groups);
    min += width.min;
    max += width.max;
  }
  return clamp(min, max);
}

function widthOfEither(nodes: readonly Node[], groups: GroupWidths): Width {
  let [min, max] = [Infinity, 0];
  for (const child of nodes) {
    const width = widthOf(child, groups);
    min = Math.min(min, width.min);
    max = Math.max(max, width.max);
  }
  return clamp(min, max);
}
