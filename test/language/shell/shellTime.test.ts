// Judging and rendering take time in proportion to the size of commands, scripts and values.
import assert from 'node:assert/strict';
import { busyBetween, takeMoment } from '../../../engine/io/processorTime';
import { renderBody } from '../../../language/renderBody';
import { findRefusedUses } from '../../../language/shell/captureUses';
import { toCommandEnvironment } from '../../../language/shell/commandEnvironment';
import { judgeCommand } from '../../../language/shell/commandVerdict';
import { renderCommand } from '../../../language/shell/renderCommand';

/** This thread's own processor time of a number of rounds, ms. */
function takeTime(work: () => void, rounds: number): number {
  const begun = takeMoment();
  for (let round = 0; round < rounds; round += 1) work();
  return busyBetween(begun, takeMoment());
}

/** How much longer twice as much takes: the least of several looks at each, by turns, as noise only adds. */
function growth(toWork: (size: number) => () => void, size: number): number {
  const [small, large] = [toWork(size), toWork(2 * size)];
  let rounds = 1;
  while (takeTime(small, rounds) < 10) rounds *= 2;
  let [least, most] = [Infinity, Infinity];
  for (let look = 0; look < 5 && !(most <= 2.3 * least && look > 1); look += 1) {
    // As much in all as the large one: both have their share of collected garbage.
    least = Math.min(least, takeTime(small, 2 * rounds) / 2);
    most = Math.min(most, takeTime(large, rounds));
  }
  return most / least;
}

const isKnown = (name: string): boolean => name === 'x';
const judge = (command: string) => (): void => {
  judgeCommand(command, { allowedCommands: ['echo'], isKnown });
};
const render = (command: string, x: string) => (): void => {
  renderCommand(command, { groups: ['', x], variables: { x } });
};
const row = (piece: string, size: number): string => piece.repeat(Math.ceil(size / piece.length));

describe('time that commands take', () => {
  const works: Record<string, (size: number) => () => void> = {};
  for (const piece of ['a', "'", '"', '\\', '$(', '-', '\n', ' ', 'é'])
    works[`a value of ${JSON.stringify(piece)}`] = (size) =>
      render('echo $x "$x" \'$x\'', row(piece, size / 8));
  for (const piece of [
    '$x ',
    '"$x" ',
    '$x',
    'a$x',
    '; echo $x',
    '\n$x',
    'A=$x ',
    '{$x,',
    '> $x ',
    '| xargs ',
    'echo "$x ',
    'a ',
    '\\',
    '-- ',
    '-e ',
  ])
    works[`a command of ${JSON.stringify(piece)}`] = (size) => {
      const text = row(piece, size);
      const work = [
        judge(`echo ${text}`),
        judge(text),
        render(`sed ${text}`, '1'),
        render(`env ${text}`, '-1'),
      ];
      return () => {
        for (const one of work) one();
        findRefusedUses(text, isKnown);
      };
    };
  for (const piece of ['${x} ', '"${x}"', '\n#SBATCH -J ${x}', '\necho ${x}', '; echo ${x}'])
    works[`a script of ${JSON.stringify(piece)}`] = (size) => {
      const script = `echo ${row(piece, size)}`;
      return () => {
        renderBody(script, { x: '-1' });
      };
    };
  works['captures in the environment'] = (size) => {
    const captures = { x: row('a', size), y: row('a', size) };
    return () => {
      toCommandEnvironment(captures);
    };
  };
  for (const [title, toWork] of Object.entries(works))
    it(`grows no faster than the size, with ${title}`, () => {
      const tries = [12_000, 12_000, 12_000, 24_000, 24_000, 24_000].map(
        (size) => () => growth(toWork, size),
      );
      let ratio = Infinity;
      assert.ok(
        tries.some((measure) => (ratio = Math.min(ratio, measure())) <= 2.3),
        `twice as much takes ${ratio} times as long`,
      );
    }).timeout(300_000);
});
