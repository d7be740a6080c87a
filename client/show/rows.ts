// Rows of trees, their tooltips and code lenses: types of VS Code that take nothing but text that was made for them.
import {
  CodeLens,
  MarkdownString,
  TreeItem,
  type Command,
  type Range,
  type TreeItemCollapsibleState,
  type TreeView,
} from 'vscode';
import type { Markdown } from '../../language/show/markdown';
import { toVsCodeLabel, toVsCodePlain, type VsCodePlain } from '../../language/show/vscode';

export class Row extends TreeItem {
  declare label: VsCodePlain;
  declare description?: VsCodePlain;
  declare tooltip?: VsCodePlain | Tooltip;
  declare accessibilityInformation?: { readonly label: VsCodePlain; readonly role?: string };

  constructor(label: string, state?: TreeItemCollapsibleState) {
    super(toVsCodePlain(label), state);
  }
}

/** Its links run no commands, and it has neither HTML nor icons. */
export class Tooltip extends MarkdownString {
  constructor(text: Markdown) {
    super(text, false);
  }
}

/** What a view says above its rows and beside its title. */
export function describeView(
  view: Pick<TreeView<unknown>, 'message' | 'description'>,
  words: { readonly message?: string; readonly description?: string },
): void {
  if (words.message !== undefined) view.message = toVsCodePlain(words.message);
  if (words.description !== undefined) view.description = toVsCodePlain(words.description);
}

/** `icon` stands before the title. */
export const toLens = (
  range: Range,
  { icon, title, ...command }: Command & { readonly icon: string },
): CodeLens => new CodeLens(range, { ...command, title: `$(${icon}) ${toVsCodeLabel(title)}` });
