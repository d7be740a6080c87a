// The end of a text, looked at backwards: a pattern that ends in `$` would try each of its beginnings from the front.

/** Where the longest end begins of which each character fits: `fits` is a pattern for one character. */
export function findTail(text: string, fits: RegExp, end = text.length): number {
  let start = end;
  while (start > 0 && fits.test(text.charAt(start - 1))) start -= 1;
  return start;
}

/** Where the name begins that the text ends with; its end if there is none. */
export function findLastName(text: string, fits = /\w/, end = text.length): number {
  let start = findTail(text, fits, end);
  while (start < end && !/[A-Za-z_]/.test(text.charAt(start))) start += 1;
  return start;
}
