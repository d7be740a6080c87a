// What is selected of an output, and when its parts came.
import assert from 'node:assert/strict';
import { Arrivals } from '../../../webviews/output/arrivals';
import { findSelected, findWord, isEmpty, toExtent } from '../../../webviews/output/selection';

describe('a selection over lines', () => {
  const [early, late] = [
    { line: 10, at: 4 },
    { line: 30, at: 2 },
  ];

  it('has its beginning first, whichever way it was made', () => {
    const extent = { from: early, to: late };
    assert.deepEqual(toExtent({ anchor: early, focus: late }), extent);
    assert.deepEqual(toExtent({ anchor: late, focus: early }), extent);
    const inLine = { anchor: { line: 10, at: 9 }, focus: early };
    assert.deepEqual(toExtent(inLine), { from: early, to: { line: 10, at: 9 } });
    assert.equal(isEmpty({ anchor: early, focus: early }), true);
    assert.equal(isEmpty(inLine), false);
  });

  for (const [line, expected] of [
    [5, undefined],
    [10, { from: 4, to: 8 }],
    [20, { from: 0, to: 8 }],
    [30, { from: 0, to: 2 }],
    [40, undefined],
  ] as const)
    it(`says which characters of the line at ${line} are in it`, () => {
      assert.deepEqual(findSelected({ from: early, to: late }, line, 8), expected);
    });

  for (const [text, at, word] of [
    ['loss=0.31 lr=5e-05', 6, '0.31'],
    ['loss=0.31 lr=5e-05', 15, '5e-05'],
    ['loss=0.31', 0, 'loss'],
    ['größe: 1', 2, 'größe'],
    ['a == b', 2, '='],
    ['', 0, ''],
  ] as const)
    it(`finds the word at ${at} of "${text}"`, () => {
      const { from, to } = findWord(text, at);
      assert.equal(text.slice(from, to), word);
    });
});

describe('when parts of an output came', () => {
  it('is known of what was seen to come', () => {
    const arrivals = new Arrivals();
    arrivals.add(100, 200, 1);
    arrivals.add(200, 250, 1);
    arrivals.add(300, 400, 2);
    assert.deepEqual(
      [99, 100, 249, 250, 300, 399, 400].map((byte) => arrivals.timeOf(byte)),
      [undefined, 1, 1, undefined, 2, 2, undefined],
    );
  });

  it('is told less exactly of what is long ago', () => {
    const arrivals = new Arrivals();
    for (let index = 0; index < 100_000; index += 1) arrivals.add(index * 10, index * 10 + 10, index);
    assert.equal(arrivals.timeOf(999_995), 99_999);
    const first = arrivals.timeOf(5);
    assert.ok(first !== undefined && first >= 0 && first < 90_000, `${first}`);
  });
});
