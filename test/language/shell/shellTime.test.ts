// Judging and rendering take time in proportion to the size of commands, scripts and values.
import { assertLinear } from '../../growth';
import { renderBody } from '../../../language/renderBody';
import { findRefusedUses } from '../../../language/shell/captureUses';
import { toCommandEnvironment } from '../../../language/shell/commandEnvironment';
import { judgeCommand } from '../../../language/shell/commandVerdict';
import { renderCommand } from '../../../language/shell/renderCommand';

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
      assertLinear(title, toWork, 3000);
    }).timeout(300_000);
});
