// Comments that look like directives and are none: the marker in another form, with words behind it that a directive has.
import { findAction } from './actionTable';
import { findNearest } from './nearest';
import { fieldKeys, findField } from './schema';

const marker = /^#[ \t]*watcher(?:[_ -](?:begin|end))?$/i;
const markerWithText = /^#([ \t]*)(watcher_(begin|end))\b[^]/i;
const inline = /^#[ \t]*(watcher)(s?)(?:\s*:\s*|\s+)(\w+)[ \t]*=(?!=)(.*)$/i;

/** Prose may begin with the same word: `# Watcher: a=b` and `# watcher_begin the loop` are not told. */
export function isNearMiss(trimmed: string, nextLine: string): boolean {
  if (trimmed.startsWith('##')) return false;
  if (marker.test(trimmed)) return true;
  const block = markerWithText.exec(trimmed);
  if (block) {
    const [, blank = '', word = '', kind = ''] = block;
    return blank === '' || isShouted(word) || (kind.toLowerCase() === 'begin' && isContent(nextLine));
  }
  const [, word = '', plural, key = '', rest = ''] = inline.exec(trimmed) ?? [];
  if (word === '') return false;
  if (plural !== '') return findField(key) === 'pattern';
  return isShouted(word) || findNearest(key, fieldKeys) !== undefined || hasField(rest);
}

const isShouted = (word: string): boolean => word === word.toUpperCase();

const hasField = (text: string): boolean =>
  [...text.matchAll(/(?<![\w-])(\w+)[ \t]*=(?!=)/g)].some(([, key = '']) => findField(key) !== undefined);

/** A line of a block: a field or an action. */
function isContent(line: string): boolean {
  const [, key, action = ''] = /^[ \t]*(?:#[ \t]*)?(?:(\w+)[ \t]*:(?:[ \t]|$)|-[ \t]*(\w+))/.exec(line) ?? [];
  return key === undefined ? findAction(action) !== undefined : findField(key) !== undefined;
}
