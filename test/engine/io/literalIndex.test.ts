// The index finds the segments that hold a literal, as looking for each by itself does.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LiteralIndex } from '../../../engine/io/literalIndex';
import { OutputChunk } from '../../../engine/io/outputChunk';
import type { MandatoryLiterals } from '../../../language/regex/mandatoryLiteral';

type Literals = readonly string[] | undefined;

const search = (
  output: string,
  literals: readonly (MandatoryLiterals | undefined)[],
): readonly (readonly number[] | undefined)[] =>
  new LiteralIndex(literals).search(new OutputChunk(Buffer.from(output), 0));

const withCase = (texts: Literals): MandatoryLiterals | undefined =>
  texts && { lists: [texts], folded: false };
const folded = (texts: Literals): MandatoryLiterals | undefined => texts && { lists: [texts], folded: true };

describe('literal index', () => {
  const cases: [output: string, literals: Literals[], found: (number[] | undefined)[]][] = [
    ['loss 1\nacc 2\nloss 3\n', [['loss'], ['acc']], [[0, 2], [1]]],
    ['a\n', [undefined, ['b']], [undefined, []]],
    ['a\n', [undefined], [undefined]],
    ['a\n', [], []],
    ['', [['a']], [[]]],
    ['she\nhis\nhers\n', [['he'], ['she'], ['his'], ['hers']], [[0, 2], [0], [1], [2]]],
    ['x\nabcd\nbcx\n', [['abcd'], ['bc'], ['c']], [[1], [1, 2], [1, 2]]],
    [
      'aaab\n',
      [
        ['aab', 'x'],
        ['x', 'y'],
      ],
      [[0], []],
    ],
    ['10%\r20%\r30 \n', [['0%']], [[0, 1]]],
    ['für\nfur\n', [['ü'], ['r']], [[0], [0, 1]]],
    ['lo\nss\n', [['loss']], [[]]],
    ['a very long literal ends here\na very long literal, not\n', [['a very long literal e']], [[0, 1]]],
  ];
  for (const [output, literals, found] of cases)
    it(`${JSON.stringify(literals)} in ${JSON.stringify(output)}`, () => {
      assert.deepEqual(search(output, literals.map(withCase)), found);
      assert.deepEqual(search(output, literals.map(folded)), found);
    });

  it('takes capitals for small letters where the literal is folded', () => {
    const output = 'loss\nLoss\nLOSS\nlos\n';
    const literals = [folded(['loss']), withCase(['loss']), withCase(['Loss']), withCase(['LOSS', 'los'])];
    assert.deepEqual(search(output, literals), [[0, 1, 2], [0], [1], [0, 2, 3]]);
  });

  it('takes no other characters for each other', () => {
    assert.deepEqual(search('@[É\n`{é\n', [folded(['`']), folded(['{']), folded(['é']), withCase(['É'])]), [
      [1],
      [1],
      [1],
      [0],
    ]);
  });

  it('looks for a literal of two patterns once for each of them, in the case of each', () => {
    const literals = [withCase(['ab']), withCase(['ab', 'AB']), folded(['ab']), withCase(['xab', 'b'])];
    assert.deepEqual(search('ab ab\nAB\nAb xab\n', literals), [
      [0, 2],
      [0, 1, 2],
      [0, 1, 2],
      [0, 2],
    ]);
  });

  it('finds the segments that have a text of each list', () => {
    const literals = [
      { lists: [['a'], ['b', 'c']], folded: false },
      { lists: [['b', 'c'], ['A'], ['d']], folded: false },
      { lists: [['d'], ['a']], folded: true },
      { lists: [['x'], ['a']], folded: false },
    ];
    assert.deepEqual(search('a\nab\nc a\nbc\nAd\nb A d\nad\n', literals), [[1, 2], [5], [4, 5, 6], []]);
  });

  it('agrees with looking for each literal in each segment', () => {
    const letter = fc.constantFrom('a', 'b', 'A', 'é');
    const literal = fc.string({ unit: letter, minLength: 1, maxLength: 4 });
    const lists = fc.array(fc.array(literal, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });
    const literals = fc.record({ lists, folded: fc.boolean() }).map((some) => ({
      ...some,
      lists: some.lists.map((texts) => texts.map((text) => (some.folded ? text.toLowerCase() : text))),
    }));
    const output = fc.string({ unit: fc.oneof(letter, fc.constantFrom('B', '\n', '\r')), maxLength: 40 });
    fc.assert(
      fc.property(
        output,
        fc.array(fc.option(literals, { nil: undefined }), { maxLength: 5 }),
        (text, all) => {
          const segments = text.split(/\r\n|\n|\r/);
          const has = (segment: string, some: MandatoryLiterals): boolean =>
            some.lists.every((texts) =>
              texts.some((one) => (some.folded ? segment.toLowerCase() : segment).includes(one)),
            );
          const expected = all.map(
            (some) => some && segments.flatMap((segment, index) => (has(segment, some) ? [index] : [])),
          );
          assert.deepEqual(search(text, all), expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
