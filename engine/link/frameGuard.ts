// Looks at the frames of JSON-RPC as they arrive: what announces too much, or never ends its header, is found at once.

/** Headers of a frame are a line or two. */
const maxHeader = 8192;
const headerEnd = '\r\n\r\n';

/** To be called with each chunk in order; gives what is wrong, for people, or undefined. */
export function createFrameGuard(maxBytes: number): (chunk: Buffer) => string | undefined {
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
      if (end === -1) return `The header of a message is longer than ${maxHeader} bytes.`;
      const [, written = ''] = /^content-length:(.*)$/im.exec(header.slice(0, end)) ?? [];
      const length = written.trim();
      if (!/^\d+$/.test(length)) return 'A message does not say how long it is.';
      if (Number(length) > maxBytes) return describeExcess(Number(length), maxBytes);
      at += end + headerEnd.length - known;
      header = '';
      rest = Number(length);
    }
    return undefined;
  };
}

export const describeExcess = (bytes: number, maxBytes: number): string =>
  `A message of ${bytes} bytes is larger than the ${maxBytes} that are taken.`;
