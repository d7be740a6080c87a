// Adds a list to another, however long it is: a call with `...` takes only what fits on the stack.

export function append<Item>(list: Item[], items: Iterable<Item>): void {
  for (const item of items) list.push(item);
}
