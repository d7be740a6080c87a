// The string methods that look for a text in another, from either end; offsets are code points.
import { countCharacters, findLastText, findText } from './characters';
import { part, positional, toText, type Call, type TextMethod } from './methodArguments';
import { PyError } from './pyError';

type Name = 'find' | 'rfind' | 'index' | 'rindex';

function search(text: string, call: Call, name: Name): number {
  const [wanted, start, end] = positional(name, call, 3, 1);
  const place = part(text, start, end);
  const sub = toText(wanted, `${name}() argument 1`);
  if (!place.possible) return -1;
  const isLast = name === 'rfind' || name === 'rindex';
  const at = isLast ? findLastText(place.text, sub, place.text.length) : findText(place.text, sub, 0);
  return at === -1 ? -1 : place.start + countCharacters(place.text.slice(0, at));
}

/** -1 if the text is not there. */
export const finding =
  (name: 'find' | 'rfind'): TextMethod =>
  (text, call) =>
    BigInt(search(text, call, name));

/** An error if the text is not there. */
export const indexing =
  (name: 'index' | 'rindex'): TextMethod =>
  (text, call) => {
    const at = search(text, call, name);
    if (at < 0) throw new PyError('ValueError', 'substring not found');
    return BigInt(at);
  };

export const count: TextMethod = (text, call) => {
  const [wanted, start, end] = positional('count', call, 3, 1);
  const place = part(text, start, end);
  const sub = toText(wanted, 'count() argument 1');
  if (!place.possible) return 0n;
  if (sub === '') return BigInt(countCharacters(place.text) + 1);
  let times = 0;
  for (let at = findText(place.text, sub, 0); at >= 0; at = findText(place.text, sub, at + sub.length))
    times += 1;
  return BigInt(times);
};
