// Which bytes of a file a request wants, once its size is known: one stretch around the position, and the head.
import type { ReadAnswer, ReadRequest } from '../ports';

export interface Stretch {
  readonly from: number;
  readonly length: number;
}

/** What is known of a file before anything of it is read. */
export type Extent = Pick<Extract<ReadAnswer, { kind: 'read' }>, 'size' | 'modified'>;

/** The stretch holds what is wanted before the position and from it on; null where nothing is new. */
export function planStretches(
  { from, maxBytes, before, head, fresh }: ReadRequest,
  size: number,
): { readonly around: Stretch; readonly head: Stretch } | null {
  if (!fresh && maxBytes > 0 && size === from) return null;
  const start = Math.min(size, Math.max(0, from - before));
  const end = Math.max(start, Math.min(size, from + maxBytes));
  return { around: { from: start, length: end - start }, head: { from: 0, length: Math.min(head, size) } };
}

const nothing = new Uint8Array();

export const toQuiet = ({ size, modified }: Extent): ReadAnswer => ({
  ...{ kind: 'read', size, modified },
  bytes: nothing,
  before: nothing,
  head: nothing,
});

/** What was read around the position, cut there. A file that was cut meanwhile gives less than was planned. */
export function toAnswer(
  { from, before }: ReadRequest,
  { size, modified, around, head }: Extent & { readonly around: Uint8Array; readonly head: Uint8Array },
): ReadAnswer {
  const start = Math.min(size, Math.max(0, from - before));
  const split = Math.min(around.length, Math.max(0, from - start));
  return {
    ...{ kind: 'read', size, modified, head },
    before: around.subarray(0, split),
    bytes: around.subarray(split),
  };
}
