// Node's decoding of output bytes.
import { isAscii } from 'node:buffer';
import type { Decoder } from '../segments';

/** Gives bytes on as text, whole characters at a time. */
export function decodePieces(tell: (text: string) => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return (bytes) => {
    const text = decoder.decode(bytes, { stream: true });
    if (text !== '') tell(text);
  };
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export const nodeDecoder: Decoder = {
  isAscii: (bytes) => isAscii(bytes),
  decode: (bytes) => utf8.decode(bytes),
};
