// What the client on the other side can do, as far as our answers depend on it.
import type { ClientCapabilities } from 'vscode-languageserver';

export interface ClientTraits {
  /** The client asks for diagnostics; otherwise they are pushed, never both. */
  readonly pullsDiagnostics: boolean;
  /** Completions may hold placeholders. */
  readonly takesSnippets: boolean;
}

export function toClientTraits({ textDocument }: ClientCapabilities): ClientTraits {
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    takesSnippets: textDocument?.completion?.completionItem?.snippetSupport === true,
  };
}
