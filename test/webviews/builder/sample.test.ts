// A sample: its lines as patterns see them, what is coloured of a line, and what the pattern and the condition find.
import assert from 'node:assert/strict';
import { splitLines, toRawOffset, toSample, toStretches } from '../../../webviews/builder/sample';
import { matchLines, type MatchJob } from '../../../webviews/builder/work/matchWork';

describe('a sample', () => {
  for (const [text, lines] of [
    ['', []],
    ['a\nb\n', ['a', 'b']],
    ['a\r\nb', ['a', 'b']],
    ['0%\r50%\r100%\ndone', ['0%', '50%', '100%', 'done']],
    ['\n\n', ['', '']],
  ] as const)
    it(`cuts ${JSON.stringify(text)}`, () => {
      assert.deepEqual(splitLines(text), lines);
    });

  it('is typed as the output', () => {
    const typed = toSample({ source: { kind: 'typed' }, typed: 'a\nb', sample: null });
    assert.deepEqual(typed, { stdout: ['a', 'b'], stderr: null, isWhole: true });
  });

  it('finds what is shown of a line in the line', () => {
    assert.equal(toRawOffset('ab\u001b[0m', 2), 2);
    // `\x1b` takes four characters of what is shown.
    assert.equal(toRawOffset('ab\u001b[0m', 6), 3);
    assert.equal(toRawOffset('😀x', 2), 2);
  });
});

describe('stretches of a line', () => {
  const stretches = (groups: readonly (readonly [number, number] | null)[]) =>
    toStretches(10, [{ line: 0, start: 2, end: 8, groups }]).map(({ start, end, group }) => [
      start,
      end,
      group,
    ]);

  it('cover it', () => {
    assert.deepEqual(toStretches(3, []), [{ start: 0, end: 3, group: undefined }]);
    assert.deepEqual(stretches([]), [
      [0, 2, undefined],
      [2, 8, 0],
      [8, 10, undefined],
    ]);
  });

  it('have groups, the inner one where there are several', () => {
    assert.deepEqual(stretches([[2, 6], [4, 5], null]), [
      [0, 2, undefined],
      [2, 4, 1],
      [4, 5, 2],
      [5, 6, 1],
      [6, 8, 0],
      [8, 10, undefined],
    ]);
  });

  it('do not show what a look found beyond the match', () => {
    assert.deepEqual(stretches([[0, 10]]), [
      [0, 2, undefined],
      [2, 8, 1],
      [8, 10, undefined],
    ]);
  });
});

describe('what a pattern finds', () => {
  const job: MatchJob = {
    pattern: 'loss=(\\S+)',
    lines: 'loss=0.5 loss=2\nnothing\nloss=nan',
    names: ['loss'],
    condition: '',
    rows: 10,
    wantsPlaces: false,
  };

  it('is counted by line', () => {
    const { matches, lines } = matchLines(job);
    assert.deepEqual([matches, lines], [3, [0, 2]]);
  });

  it('has its values, with what the condition comes to', () => {
    const { rows } = matchLines({ ...job, condition: 'float(loss) > 1', rows: 3 });
    assert.deepEqual(
      rows.map(({ line, values, condition }) => [line, values[1], condition?.text, condition?.holds]),
      [
        [0, '0.5', 'False', false],
        [0, '2', 'True', true],
        [2, 'nan', 'False', false],
      ],
    );
  });

  it('tells of a condition that cannot be decided', () => {
    const [row] = matchLines({ ...job, condition: 'loss > 1' }).rows;
    assert.match(row?.condition?.text ?? '', /^TypeError: /);
    assert.equal(row?.condition?.isError, true);
  });

  it('knows the built-in names', () => {
    const [row] = matchLines({ ...job, condition: 'trigger_count == 0 and JOB_ID == ""' }).rows;
    assert.equal(row?.condition?.holds, true);
  });

  it('has places within each line', () => {
    const { places } = matchLines({ ...job, wantsPlaces: true });
    assert.deepEqual(
      places.map(({ line, start, end, groups }) => [line, start, end, groups]),
      [
        [0, 0, 8, [[5, 8]]],
        [0, 9, 15, [[14, 15]]],
        [2, 0, 8, [[5, 8]]],
      ],
    );
  });

  it('is nothing of a pattern that is not right, and of none', () => {
    assert.equal(matchLines({ ...job, pattern: '(' }).matches, 0);
    assert.equal(matchLines({ ...job, pattern: '' }).matches, 0);
  });
});
