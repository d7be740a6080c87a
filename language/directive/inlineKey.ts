// The key of an inline field: `key=`, where a field begins and where its value does.
import { findField } from '../schema';

const pattern = /([A-Za-z_][\w-]*)[ \t]*=(?!=)[ \t]*/y;

export interface InlineKey {
  readonly key: string;
  /** Where the value begins. */
  readonly end: number;
}

/** The key that begins at this index; of a known field or not. */
export function readInlineKey(text: string, at: number): InlineKey | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match?.[1] === undefined ? undefined : { key: match[1], end: at + match[0].length };
}

/** Whether a known field begins at this index, after a blank. */
export function isFieldStart(text: string, at: number): boolean {
  if (!/\s/.test(text.charAt(at - 1))) return false;
  const found = readInlineKey(text, at);
  return found !== undefined && findField(found.key) !== undefined;
}
