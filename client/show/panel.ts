// Panels with pages of ours: the one way to them.
import { window, type Uri, type ViewColumn, type WebviewPanel } from 'vscode';
import { toVsCodePlain } from '../../language/show/vscode';

export interface PanelLook {
  /** What VS Code calls this kind of panel. */
  readonly viewType: string;
  readonly title: string;
  readonly column: ViewColumn;
  /** Nothing outside can be loaded. */
  readonly resources: Uri;
}

/** Beside the work: the focus stays where it is. */
export const createPanel = ({ viewType, title, column, resources }: PanelLook): WebviewPanel =>
  window.createWebviewPanel(
    viewType,
    toVsCodePlain(title),
    { viewColumn: column, preserveFocus: true },
    { enableScripts: true, localResourceRoots: [resources] },
  );

export function setPanelTitle(panel: WebviewPanel, title: string): void {
  panel.title = toVsCodePlain(title);
}
