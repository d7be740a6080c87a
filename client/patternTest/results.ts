// The editors of pattern tests' results: their colours, outlines, folds and links. Loaded with the first result.
import {
  DecorationRangeBehavior,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  languages,
  OverviewRulerLane,
  Range,
  SymbolKind,
  ThemeColor,
  Uri,
  ViewColumn,
  window,
  workspace,
  type DecorationRenderOptions,
  type EventEmitter,
  type TextDocument,
  type TextEditor,
  type TextEditorDecorationType,
} from 'vscode';
import { toVsCodePlain } from '../../language/show/vscode';
import type { Owned } from '../owned';
import type { TestReport, Tone } from './page';

/** Its settings are in the manifest: long lines are wrapped, and numbers are those of the output. */
const language = 'slurm-watchers-test';

const looks: Readonly<Record<Tone, DecorationRenderOptions>> = {
  title: { fontWeight: 'bold' },
  quiet: { color: new ThemeColor('descriptionForeground') },
  watcher: { color: new ThemeColor('textLink.foreground'), fontWeight: 'bold' },
  // Themes of high contrast have no background for it.
  match: {
    fontWeight: 'bold',
    backgroundColor: new ThemeColor('editor.findMatchHighlightBackground'),
    overviewRulerColor: new ThemeColor('editorOverviewRuler.findMatchForeground'),
    overviewRulerLane: OverviewRulerLane.Center,
  },
  action: { color: new ThemeColor('terminal.ansiGreen') },
  failure: { color: new ThemeColor('errorForeground') },
  skip: { color: new ThemeColor('editorWarning.foreground') },
};

export interface ShownTest {
  /** The title of its editor. */
  readonly title: string;
  /** Where its directives stand; undefined where no file has them. */
  readonly script: Uri | undefined;
  readonly report: TestReport;
}

export interface Results extends Owned {
  find(uri: Uri): ShownTest | undefined;
  show(test: ShownTest): Promise<void>;
}

/** `changed` tells VS Code that the text of a result is another one. */
export function createResults(scheme: string, changed: EventEmitter<Uri>): Results {
  const shown = new Map<string, ShownTest>();
  const find = (uri: Uri): ShownTest | undefined => shown.get(uri.toString());
  const parts: Owned[] = [
    workspace.onDidCloseTextDocument(({ uri }) => {
      shown.delete(uri.toString());
    }),
  ];
  const decorate = prepare(scheme, ({ uri }) => find(uri), parts);
  return {
    find,
    show: async (test) => {
      const uri = Uri.from({ scheme, path: `/${toVsCodePlain(test.title).replaceAll('/', '∕')}` });
      shown.set(uri.toString(), test);
      changed.fire(uri);
      const document = await workspace.openTextDocument(uri);
      await languages.setTextDocumentLanguage(document, language);
      // Another language counts as closed and opened.
      shown.set(uri.toString(), test);
      const earlier = window.visibleTextEditors.find((editor) => editor.document.uri.scheme === scheme);
      const viewColumn = earlier?.viewColumn ?? ViewColumn.Beside;
      decorate(await window.showTextDocument(document, { viewColumn, preview: true }));
    },
    dispose: () => {
      for (const part of parts) part.dispose();
    },
  };
}

/** Gives what colours an editor. */
function prepare(
  scheme: string,
  find: (document: TextDocument) => ShownTest | undefined,
  parts: Owned[],
): (editor: TextEditor) => void {
  const types = new Map<Tone, TextEditorDecorationType>();
  for (const tone of Object.keys(looks) as Tone[]) {
    const rangeBehavior = DecorationRangeBehavior.ClosedClosed;
    const type = window.createTextEditorDecorationType({ ...looks[tone], rangeBehavior });
    types.set(tone, type);
    parts.push(type);
  }
  const decorate = (editor: TextEditor): void => {
    const test = find(editor.document);
    if (!test) return;
    for (const [tone, type] of types) {
      const own = test.report.marks.filter((mark) => mark.tone === tone);
      editor.setDecorations(
        type,
        own.map(({ line, start, end }) => new Range(line, start, line, end)),
      );
    }
  };
  const decorateAll = (): void => {
    window.visibleTextEditors.forEach(decorate);
  };
  const selector = { scheme };
  parts.push(
    window.onDidChangeVisibleTextEditors(decorateAll),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme === scheme) decorateAll();
    }),
    languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: (document) =>
        find(document)?.report.foldings.map(([first, last]) => new FoldingRange(first, last)),
    }),
    languages.registerDocumentSymbolProvider(selector, {
      provideDocumentSymbols: (document) =>
        find(document)?.report.places.map(({ line, name, detail }) => {
          const { range } = document.lineAt(line);
          return new DocumentSymbol(name, detail, SymbolKind.Event, range, range);
        }),
    }),
    languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: (document) => {
        const test = find(document);
        const { script } = test ?? {};
        if (!test || !script) return [];
        return test.report.links.map(({ line, start, end, scriptLine }) => {
          const link = new DocumentLink(
            new Range(line, start, line, end),
            script.with({ fragment: `L${scriptLine}` }),
          );
          link.tooltip = 'Go to the directive';
          return link;
        });
      },
    }),
  );
  return decorate;
}
