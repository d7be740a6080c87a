// The variables that VS Code gives to pages, as a real one has them in four themes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const themeNames = ['dark', 'light', 'high contrast', 'high contrast light'] as const;
export type ThemeName = (typeof themeNames)[number];

/** `kind`: the classes of the page's body. */
interface Look {
  readonly kind: string;
  readonly variables: Readonly<Record<string, string>>;
}

const kinds: Readonly<Record<ThemeName, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'high contrast': 'vscode-high-contrast',
  'high contrast light': 'vscode-high-contrast vscode-high-contrast-light',
};

const fonts = {
  '--vscode-font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
  '--vscode-font-size': '13px',
  '--vscode-font-weight': 'normal',
  '--vscode-editor-font-family': '"Droid Sans Mono", monospace',
  '--vscode-editor-font-size': '14px',
  '--vscode-editor-font-weight': 'normal',
};

let colours: Readonly<Record<ThemeName, Readonly<Record<string, string>>>> | undefined;

export function themeVariables(name: ThemeName): Look {
  colours ??= JSON.parse(readFileSync(join(__dirname, 'themes.json'), 'utf8')) as NonNullable<typeof colours>;
  return { kind: kinds[name], variables: { ...fonts, ...colours[name] } };
}
