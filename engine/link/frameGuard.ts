// Looks at the frames of JSON-RPC as they arrive: what announces too much, or may be read in two ways, is found at once.

/** Headers of a frame are a line or two. */
const maxHeader = 8192;
const headerEnd = '\r\n\r\n';

/** To be called with each chunk in order; gives what is wrong, for people, or undefined. `maxBytes` is asked at each frame. */
export function createFrameGuard(maxBytes: () => number): (chunk: Buffer) => string | undefined {
  let header = '';
  let rest = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      const skipped = Math.min(rest, chunk.length - at);
      rest -= skipped;
      at += skipped;
      if (at === chunk.length) return undefined;
      const known = header.length;
      header += chunk.toString('latin1', at, at + maxHeader);
      const end = header.indexOf(headerEnd);
      if (end === -1 && header.length < maxHeader) return undefined;
      if (end === -1 || end > maxHeader) return `The header of a message is longer than ${maxHeader} bytes.`;
      const length = readLength(header.slice(0, end));
      if (typeof length === 'string') return length;
      if (length > maxBytes()) return describeExcess(length, maxBytes());
      at += end + headerEnd.length - known;
      header = '';
      rest = length;
    }
    return undefined;
  };
}

/**
 * The number of bytes, or what is wrong. Stricter than the reader that gets the bytes next, so that there is one way only to
 * understand a header: each line has one of two names, each name comes once.
 */
function readLength(header: string): number | string {
  const lines = header
    .split('\r\n')
    .map((line) => /^([A-Za-z-]+):[ \t]*((?:[\x21-\x7e][\x20-\x7e]*)?)$/.exec(line));
  const names = lines.map((line) => line?.[1]?.toLowerCase());
  if (names.some((name) => name !== 'content-length' && name !== 'content-type'))
    return 'The header of a message has a line that is not known.';
  if (new Set(names).size < names.length) return 'The header of a message says something twice.';
  const length = lines[names.indexOf('content-length')]?.[2] ?? '';
  return /^\d{1,15}$/.test(length) ? Number(length) : 'A message does not say how long it is.';
}

export const describeExcess = (bytes: number, maxBytes: number): string =>
  `A message of ${bytes} bytes is larger than the ${maxBytes} that are taken.`;
