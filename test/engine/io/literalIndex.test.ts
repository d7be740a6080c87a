// The index finds the segments that hold a literal, as looking for each by itself does.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LiteralIndex, type Literals } from '../../../engine/io/literalIndex';
import { OutputChunk } from '../../../engine/io/outputChunk';

const search = (output: string, ...literals: Literals[]): readonly (readonly number[] | undefined)[] =>
  new LiteralIndex(literals).search(new OutputChunk(Buffer.from(output), 0));

describe('literal index', () => {
  const cases: [output: string, literals: Literals[], found: (number[] | undefined)[]][] = [
    ['loss 1\nacc 2\nloss 3\n', [['loss'], ['acc']], [[0, 2], [1]]],
    ['Loss\nLOSS\nlos\n', [['loss']], [[0, 1]]],
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
      assert.deepEqual(search(output, ...literals), found);
    });

  it('agrees with looking for each literal in each segment', () => {
    const letter = fc.constantFrom('a', 'b', 'c', 'é');
    const literal = fc.string({ unit: letter, minLength: 1, maxLength: 4 });
    const output = fc.string({ unit: fc.oneof(letter, fc.constantFrom('A', '\n', '\r')), maxLength: 40 });
    fc.assert(
      fc.property(
        output,
        fc.array(fc.array(literal, { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
        (text, all) => {
          const segments = text.split(/\r\n|\n|\r/);
          const expected = all.map((some) =>
            segments.flatMap((segment, index) =>
              some.some((one) => segment.toLowerCase().includes(one)) ? [index] : [],
            ),
          );
          assert.deepEqual(search(text, ...all), expected);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
