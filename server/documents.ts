// The open scripts, each parsed at most once per version and only when somebody asks.
import { TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { checkBatchScript, type BatchScript } from '../language/batchScript';
import type { Directive } from '../language/directive';
import { createScriptReader, parseScript, type Script } from '../language/script';
import { nameSettings, type ScriptSettings } from './settings';

/** A script as it is written, of which nothing needs to be known. */
export interface ScriptText {
  readonly uri: string;
  readonly text: TextDocument;
}

export interface OpenDocument extends ScriptText, BatchScript {
  readonly version: number;
  /** Those that its problems were found with. */
  readonly settings: ScriptSettings;
}

export interface OpenDocuments extends Pick<
  TextDocuments<TextDocument>,
  'listen' | 'keys' | 'onDidChangeContent' | 'onDidClose'
> {
  /** Without parsing it; undefined where the client has not opened it. */
  findText(uri: string): ScriptText | undefined;
  /** Undefined where the client has not opened it. */
  find(uri: string): OpenDocument | undefined;
}

/** Scripts that have nothing to do with Slurm get no problems, whatever their line ends. */
const concernsSlurm = /^[ \t]*#[ \t]*(?:watcher|sbatch|login[_ -]setup)/im;

const nothing: BatchScript = {
  script: { watchers: [], problems: [], cleanText: '', directives: [], loginSetups: [] },
  sbatchLines: [],
  problems: [],
};

/** A script with everything that is known of it; `parse` may remember the script's former text. */
export function readDocument(
  text: TextDocument,
  settings: ScriptSettings = { ssync: false },
  parse: (content: string) => Script = (content) => parseScript(content, settings),
): OpenDocument {
  const { uri, version } = text;
  const content = text.getText();
  const known = concernsSlurm.test(content) ? checkBatchScript(content, parse(content)) : nothing;
  return { uri, version, settings, text, ...known };
}

/** The innermost directive of a line, counted from 0: an inline one may stand inside of a block. */
export const directiveAt = ({ script }: OpenDocument, line: number): Directive | undefined =>
  script.directives.filter((directive) => directive.line <= line + 1 && line < directive.endLine).at(-1);

/** A line with its line end. */
export const lineText = ({ text }: ScriptText, line: number): string =>
  text.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });

interface ScriptReader {
  readonly settings: ScriptSettings;
  readonly parse: (content: string) => Script;
}

/** `settingsOf` gives what is known of a script's settings now. */
export function createOpenDocuments(settingsOf: (uri: string) => ScriptSettings): OpenDocuments {
  const documents = new TextDocuments(TextDocument);
  const read = new Map<string, OpenDocument>();
  const readers = new Map<string, ScriptReader>();
  documents.onDidClose(({ document: { uri } }) => {
    read.delete(uri);
    readers.delete(uri);
  });
  const readerFor = (uri: string): ScriptReader => {
    const settings = settingsOf(uri);
    const known = readers.get(uri);
    if (known && nameSettings(known.settings) === nameSettings(settings)) return known;
    const reader = { settings, parse: createScriptReader(settings) };
    readers.set(uri, reader);
    return reader;
  };
  return {
    listen: (connection) => documents.listen(connection),
    keys: () => documents.keys(),
    onDidChangeContent: documents.onDidChangeContent,
    onDidClose: documents.onDidClose,
    findText: (uri) => {
      const text = documents.get(uri);
      return text && { uri, text };
    },
    find: (uri) => {
      const text = documents.get(uri);
      if (!text) return undefined;
      const reader = readerFor(uri);
      const known = read.get(uri);
      if (known?.text === text && known.version === text.version && known.settings === reader.settings)
        return known;
      const document = readDocument(text, reader.settings, reader.parse);
      read.set(uri, document);
      return document;
    },
  };
}
