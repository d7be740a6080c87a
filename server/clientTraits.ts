// What the client on the other side can do, as far as our answers depend on it.
import type { ClientCapabilities } from 'vscode-languageserver';
import { readMember } from './settings';

/** A command of the client for one directive. */
export interface DirectiveCommand {
  readonly title: string;
  /** Takes the script's URI and the directive's line, from 0. */
  readonly command: string;
}

export interface ClientTraits {
  /** The client asks for diagnostics; otherwise they are pushed, never both. */
  readonly pullsDiagnostics: boolean;
  /** The client can be told that all diagnostics are out of date. */
  readonly refreshesDiagnostics: boolean;
  /** Diagnostics may name other places that belong to them. */
  readonly showsRelated: boolean;
  /** Settings can be asked for, and differ from folder to folder. */
  readonly tellsSettings: boolean;
  /** The client says when settings change, once it is asked to. */
  readonly registersSettings: boolean;
  /** The client watches files for us. */
  readonly watchesFiles: boolean;
  /** The client tells which folders are opened and closed. */
  readonly hasFolders: boolean;
  /** Completions may hold placeholders. */
  readonly takesSnippets: boolean;
  /** Completions may say what they insert before the cursor, and what they replace around it. */
  readonly replacesWords: boolean;
  /** The client asks for a completion's documentation when it shows it. */
  readonly asksDocumentation: boolean;
  /** The client's own command that opens the list of suggestions, where it has told one. */
  readonly suggestsAgain: string | undefined;
  /** The client's own command that submits a script. */
  readonly submitCommand: string | undefined;
  /** The client's own commands for single directives. */
  readonly directiveCommands: readonly DirectiveCommand[];
}

/** `options` are the client's initializationOptions; our VS Code client names its commands there. */
export function toClientTraits(
  { textDocument, workspace }: ClientCapabilities,
  options: unknown,
): ClientTraits {
  const item = textDocument?.completion?.completionItem;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    showsRelated:
      textDocument?.diagnostic?.relatedInformation === true ||
      textDocument?.publishDiagnostics?.relatedInformation === true,
    tellsSettings: workspace?.configuration === true,
    registersSettings: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    hasFolders: workspace?.workspaceFolders === true,
    takesSnippets: item?.snippetSupport === true,
    replacesWords: item?.insertReplaceSupport === true,
    asksDocumentation: item?.resolveSupport?.properties.includes('documentation') === true,
    suggestsAgain: readText(options, 'suggestCommand'),
    submitCommand: readText(options, 'submitCommand'),
    directiveCommands: readCommands(options),
  };
}

function readText(options: unknown, key: string): string | undefined {
  const value = readMember(options, key);
  return typeof value === 'string' ? value : undefined;
}

function readCommands(options: unknown): readonly DirectiveCommand[] {
  const list = readMember(options, 'directiveCommands');
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const [title, command] = [readText(item, 'title'), readText(item, 'command')];
    return title === undefined || command === undefined ? [] : { title, command };
  });
}
