// Selections and matches painted over text that stays as it is.

export type HighlightName = 'output-selection' | 'output-match' | 'output-current-match';

/** By name and by who paints: what each wants is painted together. */
const painted = new Map<HighlightName, Map<object, readonly Range[]>>();

/** Browsers that cannot paint so show neither: nothing else depends on it. */
export function paint(name: HighlightName, owner: object, ranges: readonly Range[]): void {
  if (typeof Highlight === 'undefined') return;
  const owners = painted.get(name) ?? new Map<object, readonly Range[]>();
  painted.set(name, owners.set(owner, ranges));
  const all = [...owners.values()].flat();
  if (all.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...all));
}

/** Characters `from` to `to` of the text in an element. */
export function toRange(element: Element, from: number, to: number): Range | undefined {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let passed = 0;
  let hasStart = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { length } = node as Text;
    if (!hasStart && from <= passed + length) {
      range.setStart(node, Math.max(0, from - passed));
      hasStart = true;
    }
    if (hasStart && to <= passed + length) {
      range.setEnd(node, Math.max(0, to - passed));
      return range;
    }
    passed += length;
  }
  if (!hasStart) return undefined;
  range.setEndAfter(element.lastChild ?? element);
  return range;
}

/** How many characters of the element's text are before the place; its end if the place is elsewhere. */
export function countBefore(element: Element, node: Node, offset: number): number {
  const range = document.createRange();
  range.selectNodeContents(element);
  if (element.contains(node)) range.setEnd(node, offset);
  return range.toString().length;
}
