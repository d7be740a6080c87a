// Node's decoding of output bytes.
import { isAscii } from 'node:buffer';
import type { Decoder } from '../segments';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export const nodeDecoder: Decoder = {
  isAscii: (bytes) => isAscii(bytes),
  decode: (bytes) => utf8.decode(bytes),
};
