// Text for VS Code's own places, which make links of `[label](command:…)` and icons of `$(name)`.
import { toVisible, toVisibleLines, type Shown } from './visible';

/** In notifications and dialogs, which open links and run their commands. */
export type VsCodeMessage = Shown<'VS Code message'>;
/** Where icons are drawn, and in part links too: rows to pick from, prompts, the status bar, code lenses. */
export type VsCodeLabel = Shown<'VS Code label'>;
/** Where nothing is read but text: rows of trees, titles, placeholders, names of documents. */
export type VsCodePlain = Shown<'VS Code plain'>;

/**
 * Several lines stay so. Regular expressions such as `[:=](\d+)` stay as they are: a link needs a scheme. Source: VS Code's
 * base/common/linkedText.ts, `[label](https:, command: or file:)`, and openerService with `allowCommands`.
 */
export const toVsCodeMessage = (text: string): VsCodeMessage =>
  toVisibleLines(text).replace(/\](?=\(\s*<?[a-z][a-z0-9+.-]*:)/gi, '] ') as VsCodeMessage;

/** One line. The tooltip of a row reads its words as Markdown. Source: base/browser/ui/iconLabel/iconLabels.ts. */
export const toVsCodeLabel = (text: string): VsCodeLabel =>
  toVisible(text)
    .replace(/\](?=\()/g, '] ')
    .replace(/(?<!\\)\$\((?=[A-Za-z0-9~-]+\))/g, '\\$(') as VsCodeLabel;

/** One line. */
export const toVsCodePlain = (text: string): VsCodePlain => toVisible(text) as VsCodePlain;
