// The face: options of a search, and the promise that it ends and never throws.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hasChar, pairsOf } from '../../../language/regex/charSet';
import { compilePattern, type FindOptions, type Pattern } from '../../../language/regex/compile';
import { kindOf } from '../../../language/regex/nativeFind';
import { barChars } from '../../../language/regex/translate';
import { toLower, unicodeDigit, unicodeSpace, unicodeWord } from '../../../language/regex/unicode';

function compile(source: string, flags?: string): Pattern {
  const { value } = compilePattern(source, flags);
  assert.ok(value, source);
  return value;
}

const texts = (source: string, text: string, options: FindOptions & { limit?: number } = {}): string[] =>
  compile(source)
    .findAll(text, options.limit, options)
    .matches.map(({ start, end }) => text.slice(start, end));

describe('compilePattern', () => {
  it('finds what finditer finds, empty matches too', () => {
    assert.deepEqual(texts('a*?', 'aa'), ['', 'a', '', 'a', '']);
    assert.deepEqual(texts('\\b|:+', 'a::b'), ['', '', '::', '', '']);
  });
  it('stops at the limit', () => {
    assert.equal(compile('\\d').findAll('123', 2).matches.length, 2);
    assert.deepEqual(texts('\\d*', '1a2', { limit: 2 }), ['1', '']);
    assert.deepEqual(texts('^\\d', '1\n2\n3', { byLine: true, limit: 2, bounded: true }), ['1', '2']);
  });
  it('leaves spans out when told, never groups', () => {
    for (const bounded of [false, true]) {
      const [match] = compile('(a)(b)?').findAll('a', 1, { spans: false, bounded }).matches;
      assert.deepEqual(match, { start: 0, end: 1, groups: ['a', null], groupSpans: [] });
    }
  });
  it('gives spans in UTF-16', () => {
    const [match] = compile('😀(é)').findAll('x😀é').matches;
    assert.deepEqual(match, { start: 1, end: 4, groups: ['é'], groupSpans: [[3, 4]] });
  });
  it('takes a round of a possessive loop once, even where a later one is missing', () => {
    assert.deepEqual(texts('(?:a+){2}+', 'aaa'), []);
    assert.deepEqual(texts('(?:a|ab){2}+c', 'abac'), []);
    assert.deepEqual(texts('(?:ab?){2,3}+(c)', 'ababac'), ['ababac']);
  });
  it('numbers groups as written where the translation needs more', () => {
    assert.deepEqual(compile('(?>a+)(b)(?:c)++(d)').findAll('aabccd').matches[0]?.groups, ['b', 'd']);
    assert.equal(compile('(?>a+)(b)(?:c)++(d)').native, true);
  });
  it('runs on the own matcher what JavaScript would match otherwise', () => {
    for (const source of ['(?:(a)|b)*', '(a)?\\1b', '(a)?(?(1)b|c)', '(a*)*', '(?i)(a)\\1', '(?<=(a){2})b']) {
      assert.equal(compile(source).native, false, source);
    }
  });
  it('keeps the meaning of dot, ends and classes in texts that are not ASCII', () => {
    assert.deepEqual(texts('.+', 'a\rb\u2028c\nd'), ['a\rb\u2028c', 'd']);
    assert.deepEqual(texts('^a$', 'é\ra\n\u2028a'), []);
    assert.deepEqual(texts('\\w+', 'héllo wörld'), ['héllo', 'wörld']);
    assert.deepEqual(texts('(?a:x\\w+)', 'xaé xé'), ['xa']);
    assert.deepEqual(texts('\\bé', 'é aé'), ['é']);
  });
});

describe('texts with progress bars', () => {
  it('have a kind of their own', () => {
    const kinds = ['50%', '50%|█▌', '⠋ ━━╸ →', '█ é', '█ \u2028', '█ 😀', '█\r'].map(kindOf);
    assert.deepEqual(kinds, ['ascii', 'bars', 'bars', 'plain', 'any', 'any', 'any']);
  });
  it('hold characters that no class has and that have no cases', () => {
    for (const [first, last] of pairsOf(barChars))
      for (let code = first; code <= last; code++) {
        const classes = [unicodeWord(), unicodeDigit(), unicodeSpace].some((set) => hasChar(set, code));
        assert.ok(!classes && toLower(code) === code && kindOf(String.fromCodePoint(code)) === 'bars');
      }
  });
  it('are matched as the own matcher matches them', () => {
    const text = 'Epoch 3:  50%|█████▌    | 5/10 [00:01<00:02, 3.5it/s, loss=0.25] ⠙ → x_1';
    for (const source of [
      ...['\\b\\w+\\b', '\\B.\\B', '[^\\w\\s]+', '\\W+', '\\D{3}', '(?i)[LOSS█]+', '.$', '^.+?█', '[→-█]'],
      ...['(?<=\\|)█*', '\\S+', '[^█]+', '\\|(█*)(▌?) *\\|'],
    ]) {
      const pattern = compile(source);
      assert.deepEqual(pattern.findAll(text), pattern.findAll(text, Infinity, { bounded: true }), source);
    }
  });
});

describe('a search line by line', () => {
  it('never takes a line end', () => {
    assert.deepEqual(texts('\\s+|[^b]+', 'a\nb c', { byLine: true }), ['a', ' ', 'c']);
    assert.deepEqual(texts('a\\s*b', 'a\nb ab', { byLine: true }), ['ab']);
  });
  it('begins and ends at each line', () => {
    assert.deepEqual(texts('\\Aa|b\\Z', 'a ab\nab\n', { byLine: true }), ['a', 'b', 'a', 'b']);
    assert.deepEqual(texts('(?<!\\n)b', 'a\nb', { byLine: true }), ['b']);
  });
  it('is the same as each line by itself', () => {
    const sources = ['loss=([\\d.]+)', '^\\s*\\w+', '\\d*', '(?:(a)|b)+', '.$', '\\B\\w', 'a|\\Z', '(?m)^.'];
    const line = fc.string({ unit: fc.constantFrom(...Array.from('ab1. =é😀\r')), maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(...sources), fc.array(line, { maxLength: 5 }), (source, lines) => {
        const pattern = compile(source);
        const alone = lines.flatMap((one) =>
          pattern.findAll(one).matches.map(({ groups, start, end }) => [one.slice(start, end), groups]),
        );
        const text = lines.join('\n');
        const together = pattern.findAll(text, Infinity, { byLine: true }).matches;
        const expected =
          lines.length === 0 ? pattern.findAll('').matches.map(({ groups }) => ['', groups]) : alone;
        assert.deepEqual(
          together.map(({ groups, start, end }) => [text.slice(start, end), groups]),
          expected,
        );
      }),
    );
  });
});

describe('the budget of the own matcher', () => {
  it('ends a pattern that explodes, and says so', () => {
    const text = 'a'.repeat(64);
    assert.deepEqual(compile('(a+)+$').findAll(`${text}!`, Infinity, { bounded: true }), {
      matches: [],
      exhausted: true,
    });
    assert.deepEqual(compile('(a*)*b').findAll(text), { matches: [], exhausted: true });
  });
  it('is one budget for all lines', () => {
    const text = `${'a'.repeat(20)}\n`.repeat(2000);
    assert.equal(compile('(a*)*b').findAll(text, Infinity, { byLine: true }).exhausted, true);
  });
  it('bounds what a search remembers, too', () => {
    const text = 'ab'.repeat(600_000);
    assert.equal(compile('^(?:ab|cd)*x').findAll(text, 1, { bounded: true }).exhausted, true);
    assert.equal(compile('^(?:ab|cd)*x').findAll(text, 1).exhausted, false);
  });
  it('keeps what was found before', () => {
    const { matches, exhausted } = compile('x|(a*)*b').findAll(`x${'a'.repeat(64)}`, Infinity, {
      bounded: true,
    });
    assert.deepEqual([matches.length, exhausted], [1, true]);
  });
  it('suffices for long texts', () => {
    const text = 'loss=0.5 '.repeat(20_000);
    const { matches, exhausted } = compile('(?:loss=([\\d.]+)|(x))+').findAll(text, Infinity, {
      bounded: true,
    });
    assert.deepEqual([matches.length, exhausted], [20_000, false]);
  });
});
