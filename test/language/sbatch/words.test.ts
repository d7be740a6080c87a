// How the words of #SBATCH lines are read, and which options they are; a real sbatch is asked the same in test/system.
import assert from 'node:assert/strict';
import { cutWord, readWords } from '../../../language/sbatch/words';
import { readOptions } from '../../../language/sbatch/writtenOptions';
import { wordCases } from './lineCases';

describe('the words of an #SBATCH line', () => {
  for (const { line, words } of wordCases)
    it(`${line} is ${JSON.stringify(words)}`, () => {
      const read = readWords(line.slice('#SBATCH'.length), 7);
      assert.deepEqual(read.stop?.kind === 'open quote' ? [] : read.words.map(({ text }) => text), words);
      for (const { start, end, places = [] } of read.words)
        for (const { at } of places) assert.ok(at >= start && at < end);
    });

  const stops: readonly [text: string, kind: string | undefined, rest: string][] = [
    ['-n 1', undefined, ''],
    ['-J a#b -n 1', 'comment', '#b -n 1'],
    ['-J a "b', 'open quote', '"b'],
    ['-n 1 : -n 2', 'colon', ': -n 2'],
    ['hetjob', 'separator', 'hetjob'],
    ['-n 1 PackJob -n 2', 'separator', 'PackJob -n 2'],
    ['-J "" -n 1', 'empty word', '-n 1'],
    ['-J ""', undefined, ''],
  ];
  for (const [text, kind, rest] of stops)
    it(`end in ${text} ${kind === undefined ? 'with the line' : `at ${JSON.stringify(rest)}`}`, () => {
      const { stop } = readWords(text);
      assert.equal(stop?.kind, kind);
      assert.equal(text.slice(stop?.start ?? text.length, stop?.end), rest);
    });

  const options: readonly [
    text: string,
    ...written: (readonly [name: string, value: string | undefined])[],
  ][] = [
    ['-N2 -n 4', ['-N', '2'], ['-n', '4']],
    ['-Hn2 --part gpu', ['-H', undefined], ['-n', '2'], ['--part', 'gpu']],
    ['-HsZ', ['-H', undefined], ['-s', undefined], ['-Z', undefined]],
    ['-p=gpu', ['-p', '=gpu']],
    ['-koff -k off', ['-k', 'off'], ['-k', undefined], ['off', undefined]],
    ['--nice 5', ['--nice', undefined], ['5', undefined]],
    ['-J -n --mem="1 G"', ['-J', '-n'], ['--mem', '1 G']],
  ];
  for (const [text, ...written] of options)
    it(`give the options of ${text}`, () => {
      assert.deepEqual(
        readOptions(readWords(text).words).map(({ name, value }) => [name.text, value?.text]),
        written,
      );
    });

  const values: readonly [text: string, written: string][] = [
    ['--job-name=ab', 'ab'],
    ['--job-name="a b"', '"a b"'],
    ['--job-name=a"b c"d', 'a"b c"d'],
    ['"--job-name=a b"', 'a b'],
    ['--job-name=a\\"b', 'a\\"b'],
    ['--job-name=""', '""'],
    ['-J"a b"', '"a b"'],
  ];
  for (const [text, written] of values)
    it(`know where the value of ${text} stands`, () => {
      const [option] = readOptions(readWords(text).words);
      assert.ok(option?.value);
      assert.equal(text.slice(option.value.start, option.value.end), written);
    });

  it('may be very many', () => {
    assert.equal(readOptions(readWords(`-${'H'.repeat(300_000)}`).words).length, 300_000);
  });

  it('are cut where they are written', () => {
    const [word] = readWords('a"b c"d').words;
    assert.ok(word);
    const { text, start, end } = cutWord(word, 1, 3);
    assert.deepEqual([text, start, end], ['b ', 1, 4]);
  });
});
