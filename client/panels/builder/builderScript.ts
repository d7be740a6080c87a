// The script of a builder: its directive is found again after every change, updated in place, or inserted as a new one.
import {
  Range,
  Selection,
  Uri,
  ViewColumn,
  window,
  workspace,
  WorkspaceEdit,
  type Disposable,
  type TextDocument,
} from 'vscode';
import { WatchError } from '../../../engine/errors';
import type { Definition } from '../../../language/definition';
import { insertDirective } from '../../../language/directive/insertDirective';
import { updateDirective } from '../../../language/directive/updateDirective';
import type { Edit } from '../../../language/format';
import { printWatcher } from '../../../language/json/definitionJson';
import { parseScript, type ScriptWatcher } from '../../../language/script';
import type { BuilderContext, FoundDirective, ScriptNews } from '../../../webviews/builder/protocol';
import { nameOf } from '../../documentName';
import type { Owned } from '../../owned';
import type { BuilderMemory, DirectivePlace } from './builderMemory';
import { chooseScript } from './chooseScript';

/** Keys come faster than a form can be read, ms. */
const gatherTime = 150;

export class BuilderScript implements Owned {
  #uri: Uri | undefined;
  #place: DirectivePlace | undefined;
  #soon: NodeJS.Timeout | undefined;
  readonly #changes: Disposable;

  constructor(
    context: BuilderContext,
    private readonly memory: BuilderMemory,
    tell: (news: ScriptNews) => void,
  ) {
    const own = context.kind === 'directive' ? context : undefined;
    this.#place = memory.place ?? own;
    const script = this.#place?.script ?? (context.kind === 'script' ? context.script : undefined);
    this.#uri = script === undefined ? undefined : Uri.parse(script);
    this.#changes = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0 || !this.#place || document.uri.toString() !== this.#uri?.toString())
        return;
      clearTimeout(this.#soon);
      this.#soon = setTimeout(() => {
        if (document.isClosed) return;
        const news = this.#find(document);
        tell(news);
      }, gatherTime);
    });
  }

  get uri(): Uri | undefined {
    return this.#uri;
  }

  get name(): string | null {
    return this.#uri ? nameOf({ uri: this.#uri }) : null;
  }

  /** In words; null if there is nothing to be missed. */
  get missing(): string | null {
    return this.#place
      ? `The directive “${this.#place.name}” is not in ${this.name ?? 'its script'} any more.`
      : null;
  }

  dispose(): void {
    clearTimeout(this.#soon);
    this.#changes.dispose();
  }

  /** Undefined if the builder is not about a directive. */
  async look(): Promise<ScriptNews | undefined> {
    if (!this.#place) return undefined;
    const document = await this.#open().catch(() => undefined);
    return document ? this.#find(document) : { found: null, isBroken: false };
  }

  /** The script as it is now; undefined if there is none. */
  async readText(): Promise<string | undefined> {
    return this.#uri && (await this.#open().catch(() => undefined))?.getText();
  }

  /** Null if the person chose no script. One edit, which one undo takes back. */
  async insert(definition: Definition): Promise<(FoundDirective & { readonly scriptName: string }) | null> {
    this.#uri ??= await chooseScript();
    if (!this.#uri) return null;
    const document = await this.#open();
    const before = new Set(parseScript(document.getText()).watchers.map(({ definition: { name } }) => name));
    const fresh = { ...definition, name: toFreeName(definition.name, before) };
    await this.#apply(document, insertDirective(document.getText(), fresh));
    const { watchers } = parseScript(document.getText());
    const watcher = watchers.find(({ definition: { name } }) => !before.has(name)) ?? watchers.at(-1);
    if (!watcher) throw cannotWrite();
    const found = this.#take(document, watcher);
    await this.reveal();
    return { ...found, scriptName: nameOf(document) };
  }

  /** `known`: another directive than the one that was shown is not overwritten. */
  async update(definition: Definition, known: string): Promise<FoundDirective> {
    const document = await this.#open();
    const watcher = this.#findWatcher(document.getText());
    const isKnown = watcher !== undefined && toFound(document, watcher).watcher === known;
    if (!isKnown)
      throw new WatchError(
        'bad-request',
        'The directive has changed in the editor in this moment.',
        'Look at the change, and update again.',
      );
    await this.#apply(document, updateDirective(document.getText(), watcher, definition));
    const named = definition.name === '' ? watcher.definition.name : definition.name;
    const after = parseScript(document.getText()).watchers;
    const updated = after.find(({ definition: { name } }) => name === named);
    if (!updated) throw cannotWrite();
    return this.#take(document, updated);
  }

  /** Shows the directive, beside the builder; the focus stays there. */
  async reveal(): Promise<void> {
    if (!this.#uri) return;
    const document = await this.#open();
    const watcher = this.#place && this.#findWatcher(document.getText());
    const shown = window.visibleTextEditors.find((editor) => editor.document === document);
    const editor = await window.showTextDocument(document, {
      viewColumn: shown?.viewColumn ?? ViewColumn.One,
      preserveFocus: true,
      preview: false,
    });
    if (!watcher) return;
    const range = new Range(watcher.line - 1, 0, watcher.endLine - 1, 0);
    editor.selection = new Selection(range.start, range.start);
    editor.revealRange(range);
  }

  async #open(): Promise<TextDocument> {
    if (!this.#uri)
      throw new WatchError('not-found', 'There is no script yet.', 'Insert the directive first.');
    const { path } = this.#uri;
    return workspace.openTextDocument(this.#uri).then(undefined, (error: unknown) => {
      throw new WatchError(
        'not-found',
        `${path} cannot be opened.`,
        'Insert the directive into another script.',
        error,
      );
    });
  }

  async #apply(document: TextDocument, edits: readonly Edit[] | undefined): Promise<void> {
    if (!edits)
      throw new WatchError(
        'bad-request',
        'A directive has no words for this watcher.',
        'Copy it as JSON, and use it as a watcher file.',
      );
    if (edits.length === 0) return;
    const edit = new WorkspaceEdit();
    for (const { span, newText } of edits)
      edit.replace(
        document.uri,
        new Range(document.positionAt(span.start), document.positionAt(span.end)),
        newText,
      );
    if (!(await workspace.applyEdit(edit))) throw cannotWrite();
  }

  #find(document: TextDocument): ScriptNews {
    const text = document.getText();
    const watcher = this.#findWatcher(text);
    if (watcher) return { found: this.#take(document, watcher), isBroken: false };
    const line = this.#place?.line ?? 0;
    const isBroken = parseScript(text).directives.some((one) => one.line <= line && line <= one.endLine);
    return { found: null, isBroken };
  }

  /** By its name; one whose name was changed, by where it stands. */
  #findWatcher(text: string): ScriptWatcher | undefined {
    const place = this.#place;
    if (!place) return undefined;
    const { watchers } = parseScript(text);
    return (
      watchers.find(({ definition: { name } }) => name === place.name) ??
      watchers.find(({ line, endLine }) => line <= place.line && place.line <= endLine)
    );
  }

  #take(document: TextDocument, watcher: ScriptWatcher): FoundDirective {
    const found = toFound(document, watcher);
    const place = { script: document.uri.toString(), name: found.name, line: found.line };
    const isNew = place.name !== this.#place?.name || place.line !== this.#place.line;
    this.#place = place;
    if (isNew) void this.memory.rememberPlace(place);
    return found;
  }
}

const cannotWrite = (): WatchError =>
  new WatchError('bad-request', 'The script could not be changed.', 'Look whether it can be written.');

function toFound(document: TextDocument, { definition, directive, line }: ScriptWatcher): FoundDirective {
  const isNamed = directive.fields.some(({ field }) => field === 'name');
  return {
    watcher: printWatcher(isNamed ? definition : { ...definition, name: '' }),
    text: document.getText().slice(directive.span.start, directive.span.end),
    name: definition.name,
    line,
  };
}

/** Names are unique in a script. */
function toFreeName(name: string, taken: ReadonlySet<string>): string {
  if (name === '' || !taken.has(name)) return name;
  for (let number = 2; ; number++) if (!taken.has(`${name} ${number}`)) return `${name} ${number}`;
}
