// The open scripts, each parsed at most once per version and only when somebody asks.
import { TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseScript, type Script } from '../language/script';

export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: TextDocument;
  readonly script: Script;
}

export interface OpenDocuments extends Pick<
  TextDocuments<TextDocument>,
  'listen' | 'onDidChangeContent' | 'onDidClose'
> {
  /** Undefined where the client has not opened it. */
  find(uri: string): OpenDocument | undefined;
}

/** Scripts that have nothing to do with Slurm get no problems, whatever their line ends. */
const concernsSlurm = /^[ \t]*#[ \t]*(?:watcher|sbatch)/im;

const nothing: Script = { watchers: [], problems: [], cleanText: '', directives: [] };

export function createOpenDocuments(): OpenDocuments {
  const documents = new TextDocuments(TextDocument);
  const parsed = new Map<string, OpenDocument>();
  documents.onDidClose(({ document }) => parsed.delete(document.uri));
  return {
    listen: (connection) => documents.listen(connection),
    onDidChangeContent: documents.onDidChangeContent,
    onDidClose: documents.onDidClose,
    find: (uri) => {
      const text = documents.get(uri);
      if (!text) return undefined;
      const known = parsed.get(uri);
      if (known?.text === text && known.version === text.version) return known;
      const content = text.getText();
      const script = concernsSlurm.test(content) ? parseScript(content) : nothing;
      const document = { uri, version: text.version, text, script };
      parsed.set(uri, document);
      return document;
    },
  };
}
