// Colours of jobs in every theme: what a person can read.
import assert from 'node:assert/strict';
import { plainStyle, looks, trueColour } from '../../../webviews/output/ansi';
import {
  contrastOf,
  findColours,
  readCssColour,
  type Rgb,
  type ThemeColours,
} from '../../../webviews/output/colours';
import { themeNames, themeVariables } from '../../pages/bed/themes';

const names = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];

function themeOf(name: (typeof themeNames)[number]): ThemeColours {
  const { variables } = themeVariables(name);
  const read = (variable: string): Rgb => {
    const colour = readCssColour(variables[`--vscode-${variable}`] ?? '');
    assert.ok(colour, variable);
    return colour;
  };
  return {
    foreground: read('editor-foreground'),
    background: read('editor-background'),
    ansi: ['', 'Bright'].flatMap((bright) => names.map((colour) => read(`terminal-ansi${bright}${colour}`))),
  };
}

describe('colours of output', () => {
  for (const name of themeNames)
    it(`can all be read in the theme ${name}, on every background`, () => {
      const theme = themeOf(name);
      const colours = [-1, ...Array(256).keys(), trueColour, trueColour | 0xffffff, trueColour | 0x777777];
      for (const foreground of colours)
        for (const background of [-1, 0, 3, 7, 15, 118, 244, trueColour | 0x808080])
          for (const look of [0, looks.inverse, looks.dim]) {
            const found = findColours({ foreground, background, look }, theme);
            const contrast = contrastOf(
              found.foreground ?? theme.foreground,
              found.background ?? theme.background,
            );
            assert.ok(contrast >= 4.5, `${foreground} on ${background}, look ${look}: ${contrast}`);
          }
    });

  it('are the theme’s own where nothing is said', () => {
    assert.deepEqual(findColours(plainStyle, themeOf('dark')), {
      foreground: undefined,
      background: undefined,
    });
  });

  it('stay as they are where they can be read', () => {
    const orange = trueColour | 0xff8800;
    const found = findColours({ ...plainStyle, foreground: orange }, themeOf('dark'));
    assert.deepEqual(found.foreground, [0xff, 0x88, 0]);
  });

  it('are turned round when they are inverse', () => {
    const theme = themeOf('light');
    const found = findColours({ foreground: -1, background: -1, look: looks.inverse }, theme);
    assert.deepEqual(found, { foreground: theme.background, background: theme.foreground });
  });

  it('are read as browsers print them', () => {
    assert.deepEqual(
      ['#fff', ' #1e2030', '#1e2030ff', 'rgba(1, 2, 3, 0.5)', 'rgb(4 5 6)', 'red'].map(readCssColour),
      [[255, 255, 255], [30, 32, 48], [30, 32, 48], [1, 2, 3], [4, 5, 6], undefined],
    );
  });
});
