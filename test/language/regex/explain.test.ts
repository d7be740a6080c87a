// Patterns in words: each piece with what is said of it, deeper ones indented.
import assert from 'node:assert/strict';
import { explainPattern } from '../../../language/regex/explain';
import { parsePattern } from '../../../language/regex/parser';

function explained(pattern: string): string[] {
  const { value } = parsePattern(pattern, 'M');
  assert.ok(value, pattern);
  return explainPattern(value).map(
    ({ span, depth, words }) => `${'  '.repeat(depth)}${pattern.slice(span.start, span.end)} = ${words}`,
  );
}

describe('a pattern in words', () => {
  const cases: readonly [string, ...string[]][] = [
    [
      'loss: ([\\d.]+)',
      'loss:  = the text',
      '([\\d.]+) = group 1',
      '  [\\d.]+ = a digit or ".", once or more',
    ],
    [
      '(?P<acc>\\w*?)',
      '(?P<acc>\\w*?) = group 1, acc',
      '  \\w*? = a letter, digit or "_", any number of times, as few as possible',
    ],
    ['a|bc|', 'a|bc| = one of these', '  a = "a"', '  bc = the text', '   = nothing'],
    [
      '^\\bx$',
      '^ = the beginning of the line',
      '\\b = the beginning or end of a word',
      'x = "x"',
      '$ = the end of the line',
    ],
    ['(?:ab){2,3}', '(?:ab){2,3} = 2 to 3 times', '  (?:ab) = together', '    ab = the text'],
    [
      '(?i)ab[^a-z\\s]',
      'ab = the text, in any case',
      '[^a-z\\s] = any character but "a" to "z" or a blank, in any case',
    ],
    [
      '(?<!a)b(?=c)',
      '(?<!a) = only where this does not stand before',
      '  a = "a"',
      'b = "b"',
      '(?=c) = only where this follows',
      '  c = "c"',
    ],
    [
      '(a)\\1.?\\t',
      '(a) = group 1',
      '  a = "a"',
      '\\1 = the same text as group 1',
      '.? = any character but a line end, once or not at all',
      '\\t = a tab',
    ],
  ];
  for (const [pattern, ...expected] of cases)
    it(pattern, () => {
      assert.deepEqual(explained(pattern), expected);
    });
});
