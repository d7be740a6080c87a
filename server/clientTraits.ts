// What the client on the other side can do, as far as our answers depend on it.
import type { ClientCapabilities } from 'vscode-languageserver';

export interface ClientTraits {
  /** The client asks for diagnostics; otherwise they are pushed, never both. */
  readonly pullsDiagnostics: boolean;
  /** Completions may hold placeholders. */
  readonly takesSnippets: boolean;
  /** The client's own command that opens the list of suggestions, where it has told one. */
  readonly suggestsAgain: string | undefined;
  /** The client's own command that submits a script. */
  readonly submitCommand: string | undefined;
}

/** `options` are the client's initializationOptions; our VS Code client names its commands there. */
export function toClientTraits({ textDocument }: ClientCapabilities, options: unknown): ClientTraits {
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    takesSnippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    suggestsAgain: readText(options, 'suggestCommand'),
    submitCommand: readText(options, 'submitCommand'),
  };
}

function readText(options: unknown, key: string): string | undefined {
  if (typeof options !== 'object' || options === null) return undefined;
  const value = new Map<string, unknown>(Object.entries(options)).get(key);
  return typeof value === 'string' ? value : undefined;
}
