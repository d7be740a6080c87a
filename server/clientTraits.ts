// What the client on the other side can do, as far as our answers depend on it.
import * as v from 'valibot';
import type { ClientCapabilities } from 'vscode-languageserver';

/** A command of the client for one directive: it takes the script's URI and the directive's line, from 0. */
const directiveCommand = v.object({ title: v.string(), command: v.string() });

export type DirectiveCommand = Readonly<v.InferOutput<typeof directiveCommand>>;

const text = v.fallback(v.optional(v.string()), undefined);

/** What our VS Code client sends of itself; whatever does not look so is passed over. */
const sentOptions = v.fallback(
  v.object({
    suggestCommand: text,
    submitCommand: text,
    directiveCommands: v.fallback(v.array(v.unknown()), []),
  }),
  { directiveCommands: [] },
);

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
  const { suggestCommand, submitCommand, directiveCommands } = v.parse(sentOptions, options);
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
    suggestsAgain: suggestCommand,
    submitCommand,
    directiveCommands: directiveCommands.filter((item) => v.is(directiveCommand, item)),
  };
}
