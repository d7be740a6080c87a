// A directive as it is written, with its fields and actions in their places.
import type { WrittenAction } from './calls';
import type { WrittenField } from './inline';
import type { Span } from './text';

export interface Directive {
  readonly kind: 'inline' | 'block';
  readonly span: Span;
  /** From 1. */
  readonly line: number;
  readonly endLine: number;
  readonly fields: readonly WrittenField[];
  readonly actions: readonly WrittenAction[];
}
