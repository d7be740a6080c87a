// Names that are unique for ever, short enough to be typed.
import { randomBytes } from 'node:crypto';
import type { Ids } from '../ports';

const letters = 'abcdefghijkmnpqrstuvwxyz23456789';

export const randomIds: Ids = {
  next: () => [...randomBytes(10)].map((byte) => letters[byte % letters.length]).join(''),
};
