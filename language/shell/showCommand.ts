// Commands for people to read: whole, with every character that cannot be seen as an escape.
import { unseen } from './simpleCommand';

/** `\u{202e}` for a character that turns the line round, and so on. */
export const showCommand = (command: string): string =>
  command.replace(new RegExp(unseen, 'gu'), (character) => `\\u{${toHex(character)}}`);

/** The first character's code point. */
export const toHex = (character: string): string => (character.codePointAt(0) ?? 0).toString(16);
