// A message of mail as its reader has it: headers unfolded and decoded. Source: RFC 5322, RFC 2047.

const encodedWord = /=\?([\w-]+)\?([QB])\?([^?\s]*)\?=/gi;

/** Blanks between two encoded words are none of the text. */
const decodeHeader = (text: string): string =>
  text
    .replace(/(\?=)\s+(?==\?[\w-]+\?[QB]\?)/gi, '$1')
    .replace(encodedWord, (_, charset: string, encoding: string, content: string) => {
      const bytes =
        encoding.toUpperCase() === 'B'
          ? Buffer.from(content, 'base64')
          : Buffer.from(
              content
                .replaceAll('_', ' ')
                .replace(/=([0-9A-F]{2})/gi, (__, hex: string) =>
                  String.fromCharCode(Number.parseInt(hex, 16)),
                ),
              'latin1',
            );
      return new TextDecoder(charset).decode(bytes);
    });

/** Undefined if it has no such header. */
export function readHeader(message: string, name: string): string | undefined {
  const headers = message.split(/\r?\n\r?\n/)[0] ?? '';
  const unfolded = headers.replace(/\r?\n(?=[ \t])/g, '');
  const line = unfolded.split(/\r?\n/).find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line === undefined ? undefined : decodeHeader(line.slice(name.length + 1).trim());
}
