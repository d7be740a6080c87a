// The theme's colours as numbers, and the looks of pieces made from them.
import { looks, type Style } from './ansi';
import { findColours, readCssColour, type Rgb, type ThemeColours } from './colours';

const ansiNames = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];
const variables = ['', 'Bright'].flatMap((bright) =>
  ansiNames.map((name) => `--vscode-terminal-ansi${bright}${name}`),
);
/** More styles than a person tells apart: a job that makes more has them made anew. */
const mostKnown = 2000;

function readTheme(): ThemeColours {
  const style = getComputedStyle(document.documentElement);
  const read = (variable: string, otherwise: Rgb): Rgb =>
    readCssColour(style.getPropertyValue(variable)) ?? otherwise;
  const foreground = read('--vscode-editor-foreground', [0, 0, 0]);
  return {
    foreground,
    background: read('--vscode-editor-background', [255, 255, 255]),
    ansi: variables.map((variable) => read(variable, foreground)),
  };
}

interface Look {
  readonly color: string;
  readonly background: string;
  readonly className: string;
}

const toCss = (colour: Rgb | undefined): string => (colour === undefined ? '' : `rgb(${colour.join(' ')})`);

const toClassName = ({ look }: Style): string =>
  (['bold', 'italic', 'underline', 'strike'] as const).filter((name) => (look & looks[name]) !== 0).join(' ');

export class Theme {
  #colours = readTheme();
  readonly #looks = new Map<string, Look>();

  /** `onChange`: everything that is coloured is to be drawn anew. */
  constructor(onChange: () => void) {
    const observer = new MutationObserver(() => {
      this.#colours = readTheme();
      this.#looks.clear();
      onChange();
    });
    observer.observe(document.documentElement, { attributeFilter: ['style'] });
    observer.observe(document.body, { attributeFilter: ['class'] });
  }

  dress(element: HTMLElement, style: Style): void {
    const { color, background, className } = this.#lookOf(style);
    if (className !== '') element.className = className;
    if (color !== '') element.style.color = color;
    if (background !== '') element.style.backgroundColor = background;
  }

  #lookOf(style: Style): Look {
    const key = `${style.foreground} ${style.background} ${style.look}`;
    const known = this.#looks.get(key);
    if (known) return known;
    const { foreground, background } = findColours(style, this.#colours);
    const look = {
      color: toCss(foreground),
      background: toCss(background),
      className: toClassName(style),
    };
    if (this.#looks.size >= mostKnown) this.#looks.clear();
    this.#looks.set(key, look);
    return look;
  }
}
