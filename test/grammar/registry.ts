// The grammar of directives inside of a shell grammar: one of our own, and VS Code's where the test bed has it.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRegistry } from 'vscode-tmgrammar-test/dist/common/index';

const root = join(__dirname, '../..');
const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  contributes: {
    grammars: readonly {
      readonly path: string;
      readonly scopeName: string;
      readonly injectTo: readonly string[];
    }[];
  };
};

const vscode = join(
  root,
  '.cache/vscode-test-bed/code-server/node_modules/code-server/lib/vscode/extensions/shellscript/syntaxes/shell-unix-bash.tmLanguage.json',
);

/** By their names for people; paths of grammars with the scope source.shell. */
export const shells: Readonly<Record<string, string>> = {
  'a small shell grammar': join(__dirname, 'shell.tmLanguage.json'),
  ...(existsSync(vscode) && { "VS Code's shell grammar": vscode }),
};

type Registry = ReturnType<typeof createRegistry>;

/** As the manifest injects it. */
export function createShellRegistry(shell: string): Registry {
  const [grammar] = contributes.grammars;
  assert.ok(grammar);
  const { path, scopeName, injectTo } = grammar;
  return createRegistry([
    { path: shell, scopeName: 'source.shell', language: 'shellscript', injectTo: [] },
    { path: join(root, path), scopeName, language: '', injectTo: [...injectTo] },
  ]);
}

export interface ScopedPiece {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

export async function findScopes(registry: Registry, text: string): Promise<readonly ScopedPiece[]> {
  const grammar = await registry.loadGrammar('source.shell');
  assert.ok(grammar);
  const pieces: ScopedPiece[] = [];
  let state: Parameters<typeof grammar.tokenizeLine>[1] = null;
  for (const [line, content] of text.split('\n').entries()) {
    const { tokens, ruleStack } = grammar.tokenizeLine(content, state);
    state = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens)
      pieces.push({ line, start: startIndex, end: Math.min(endIndex, content.length), scopes });
  }
  return pieces;
}
