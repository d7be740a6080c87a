// The tree's spans, which hover, colours and inlay hints stand on, and what is refused beyond CPython's own errors.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePattern } from '../../../language/regex/parser';
import { childrenOf, type Node, type PatternTree } from '../../../language/regex/tree';

function parse(source: string, flags?: string): PatternTree {
  const { value, problems } = parsePattern(source, flags);
  assert.deepEqual(problems, []);
  assert.ok(value);
  return value;
}

/** Every node that is no sequence, as `kind:text`, outside in. */
function pieces(source: string): string[] {
  const list = (node: Node): string[] => {
    const own =
      node.kind === 'sequence' ? [] : [`${node.kind}:${source.slice(node.span.start, node.span.end)}`];
    return [...own, ...childrenOf(node).flatMap(list)];
  };
  return list(parse(source).root);
}

function refused(source: string, flags?: string): string {
  const { value, problems } = parsePattern(source, flags);
  assert.equal(value, undefined);
  return problems.map(({ code, message, offset }) => `${code} ${offset}: ${message}`).join();
}

describe('Python regular expressions: the tree', () => {
  const spans: readonly (readonly [string, readonly string[]])[] = [
    ['ab', ['unit:a', 'unit:b']],
    ['a|b', ['alternation:a|b', 'unit:a', 'unit:b']],
    ['(\\d+)%', ['group:(\\d+)', 'repeat:\\d+', 'unit:\\d', 'unit:%']],
    ['^[^a-z]*?$', ['place:^', 'repeat:[^a-z]*?', 'unit:[^a-z]', 'place:$']],
    ['(?P<x>.)(?P=x)', ['group:(?P<x>.)', 'any:.', 'backreference:(?P=x)']],
    ['(?<!é)😀{2}', ['look:(?<!é)', 'unit:é', 'repeat:😀{2}', 'unit:😀']],
    ['(?>a)(?i:b)', ['atomic:(?>a)', 'unit:a', 'group:(?i:b)', 'unit:b']],
    ['(a)?(?(1)b|c)', ['repeat:(a)?', 'group:(a)', 'unit:a', 'conditional:(?(1)b|c)', 'unit:b', 'unit:c']],
    ['(?x) a # b\n c', ['unit:a', 'unit:c']],
  ];
  for (const [source, expected] of spans) {
    it(`knows the pieces of ${JSON.stringify(source)}`, () => {
      assert.deepEqual(pieces(source), expected);
    });
  }

  it('lists groups with their names and the spans of both', () => {
    const { groups, groupCount, groupNames } = parse('(😀)(?:b)(?P<loss>c(d))');
    assert.equal(groupCount, 3);
    assert.deepEqual([...groupNames], [['loss', 2]]);
    assert.deepEqual(
      groups.map(({ number, name, span, nameSpan }) => [number, name, span.start, span.end, nameSpan]),
      [
        [1, undefined, 0, 4, undefined],
        [2, 'loss', 9, 23, { start: 13, end: 17 }],
        [3, undefined, 19, 22, undefined],
      ],
    );
  });

  it('tells the span of a quantifier', () => {
    const { root } = parse('ab{2,3}?');
    const [, repeat] = childrenOf(root);
    assert.ok(repeat?.kind === 'repeat');
    assert.deepEqual(repeat.quantifierSpan, { start: 2, end: 8 });
    assert.deepEqual([repeat.min, repeat.max, repeat.mode], [2, 3, 'lazy']);
  });

  it('repeats the warnings of CPython', () => {
    assert.deepEqual(parse('é[[a]').warnings, [{ message: 'Possible nested set at position 2', offset: 2 }]);
    assert.deepEqual(parse('😀[a&&b]').warnings, [
      { message: 'Possible set intersection at position 3', offset: 4 },
    ]);
  });
});

describe('Python regular expressions: what is refused', () => {
  it('says where, in UTF-16 units', () => {
    assert.equal(refused('😀('), 'bad-regex 2: missing ), unterminated subpattern');
  });
  it('puts errors without a position where they belong', () => {
    assert.equal(refused('a(?<=b+)c'), 'bad-regex 1: look-behind requires fixed-width pattern');
    assert.equal(refused('ab{4294967295}'), 'bad-regex 2: the repetition number is too large');
  });
  it('refuses flags that exclude each other', () => {
    assert.equal(refused('a', 'AU'), 'bad-regex 0: ASCII and UNICODE flags are incompatible');
  });
  it('never guesses a character name', () => {
    assert.match(
      refused('a\\N{TAMIL LETTER KA}'),
      /^unsupported-regex 1: the character name TAMIL LETTER KA/,
    );
    assert.match(refused('\\N'), /missing \{$/);
  });
  it('shows names as Python does', () => {
    assert.equal(refused("(?P<a'b>x)"), 'bad-regex 4: bad character in group name "a\'b"');
    assert.equal(refused('(?P=é\n)'), "bad-regex 4: bad character in group name 'é\\n'");
  });
  it('refuses to nest without end', () => {
    assert.match(refused('('.repeat(5000)), /^unsupported-regex \d+: the pattern is nested too deeply$/);
    assert.equal(parse(`${'('.repeat(100)}a${')'.repeat(100)}`).groupCount, 100);
  });
  it('takes any text without a throw', () => {
    const part = fc.constantFrom(
      ...Array.from('()[]{}|?*+\\^$.<>=!:#-,PiaLx01\n é😀'),
      '(?',
      '(?P<',
      '(?(',
      '\\N{',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 30 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (source) => {
        const { value, problems } = parsePattern(source);
        assert.equal(problems.length, value === undefined ? 1 : 0);
        for (const { offset } of problems) assert.ok(offset >= 0 && offset <= source.length);
      }),
      { numRuns: Number(process.env['CASES'] ?? 500) },
    );
  });
});
