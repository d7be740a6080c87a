// Words for the commands that we send to a shell: whatever they hold, the shell sees exactly them.
import { plainWord, singleQuoted } from '../../language/shellQuote';
import { WatchError } from '../errors';

export function quoteWord(word: string): string {
  if (word.includes('\0'))
    throw new WatchError(
      'bad-request',
      `No command can be given a NUL character: ${JSON.stringify(word)}.`,
      'Remove it.',
    );
  return word !== '' && plainWord.test(word) ? word : singleQuoted(word);
}

export const quoteWords = (words: readonly string[]): string => words.map(quoteWord).join(' ');
