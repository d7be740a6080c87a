// A text as code points, with the way back to UTF-16: what Python matches and what JavaScript counts.

export interface CodeText {
  readonly codes: Uint16Array | Uint32Array;
  readonly length: number;
  /** UTF-16 offset of a code point. */
  offsetOf(index: number): number;
  /** Code point that begins at, or spans, a UTF-16 offset. */
  indexOf(offset: number): number;
}

const surrogatePair = /[\ud800-\udbff][\udc00-\udfff]/;

export function toCodeText(text: string): CodeText {
  if (!surrogatePair.test(text)) {
    const codes = new Uint16Array(text.length);
    for (let at = 0; at < text.length; at++) codes[at] = text.charCodeAt(at);
    return { codes, length: text.length, offsetOf: (index) => index, indexOf: (offset) => offset };
  }
  const codes = new Uint32Array(text.length);
  const offsets: number[] = [];
  const indices = new Uint32Array(text.length + 1);
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    indices.fill(offsets.length, at, at + 2);
    codes[offsets.length] = code;
    offsets.push(at);
    at += code > 0xffff ? 2 : 1;
  }
  indices[text.length] = offsets.length;
  return {
    codes: codes.subarray(0, offsets.length),
    length: offsets.length,
    offsetOf: (index) => offsets[index] ?? text.length,
    indexOf: (offset) => indices[offset] ?? offsets.length,
  };
}
