// JSON that is safe to look at: the same data to programs, with escapes for all that a terminal or an editor would heed.
import { hiddenCharacters, type Shown } from './visible';

export type JsonText = Shown<'JSON'>;

/** On one line, or for people over several. */
export const toJson = (value: unknown, form: 'line' | 'pretty' = 'line'): JsonText =>
  JSON.stringify(value, null, form === 'pretty' ? 2 : undefined).replace(hiddenCharacters, (character) =>
    character === '\n' ? character : toUnits(character),
  ) as JsonText;

const toUnits = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
