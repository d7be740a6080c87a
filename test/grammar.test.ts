// Colours before the language server has looked: the TextMate grammar in shell grammars, and its agreement with the server's.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGrammarTestCase, runGrammarTestCase } from 'vscode-tmgrammar-test/dist/unit/index';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { actionNames } from '../language/actionTable';
import { fieldKeys } from '../language/schema';
import { findTokens, type tokenTypes } from '../server/directiveTokens';
import { readDocument } from '../server/documents';
import { createShellRegistry, findScopes, shells, type ScopedPiece } from './grammar/registry';

const grammarPath = join(__dirname, '../syntaxes/directives.tmLanguage.json');

/** The grammar with the names of fields and actions that the tables have now. UPDATE=1 writes it. */
const withLists = (grammar: string): string =>
  grammar
    .replace(/(?<=\(\?i:)name\|[\w|]+(?=\))/g, fieldKeys.join('|'))
    .replace(/(?<="\(\?i\)\\\\b\()log_event\|[\w|]+(?=\))/g, actionNames.join('|'));
if (process.env['UPDATE']) writeFileSync(grammarPath, withLists(readFileSync(grammarPath, 'utf8')));

const folder = join(__dirname, 'grammar');
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.sh'));

/** A block, whose lines of carets would be lines of it. */
const block = [
  '#WATCHER_BEGIN',
  '## remark',
  '# name: out of memory',
  '# pattern: "l (\\d+)"  # remark',
  "# condition: 'a' in loss",
  '# captures: [loss]',
  '# interval: 5m',
  '# actions:',
  '#   - log_event(message="x $0", level=info) if float(loss) > 3',
  '#   - pause',
  '#WATCHER_END',
  '# plain',
  'echo done',
].join('\n');

/** Line, text and the last of its scopes. */
const blockPieces: readonly (readonly [line: number, text: string, scope: RegExp])[] = [
  [0, '#WATCHER_BEGIN', /^keyword\.control\.directive/],
  [1, '## remark', /^comment/],
  [2, '#', /^comment/],
  [2, 'name', /^entity\.other\.attribute-name/],
  [2, 'out of memory', /^string\.unquoted/],
  [3, 'l ', /^string\.quoted\.pattern/],
  [3, '\\d', /^constant\.character\.escape/],
  [3, '# remark', /^comment/],
  [4, "'a'", /^string\.quoted/],
  [4, 'in', /^keyword\.operator\.logical/],
  [4, 'loss', /^variable\.other/],
  [5, 'loss', /^variable\.other/],
  [6, '5m', /^constant\.numeric/],
  [8, 'log_event', /^entity\.name\.function/],
  [8, '$0', /^variable\.other/],
  [8, 'if', /^keyword\.control\.conditional/],
  [8, 'float', /^support\.function/],
  [8, '3', /^constant\.numeric/],
  [9, 'pause', /^entity\.name\.function/],
  [10, '#WATCHER_END', /^keyword\.control\.directive/],
  [11, 'plain', /^comment\.line\.number-sign\.shell/],
];

/** What the scopes of a place must be where the server says what it is. */
const meanings: Readonly<Record<(typeof tokenTypes)[number], RegExp>> = {
  keyword: /^keyword\.(?:control\.directive|operator\.logical)|^constant\.language/,
  property: /^entity\.other\.attribute-name/,
  function: /^(?:entity\.name\.function|support\.function)/,
  parameter: /^(?:variable\.parameter|entity\.other\.attribute-name)/,
  variable: /^variable\.other/,
  string: /^(?:string|constant|meta\.object)\./,
  regexp: /^constant\.(?:character\.escape|other\.character-class)|^keyword\.control\.anchor/,
  number: /^(?:constant\.numeric|string\.quoted)/,
  enumMember: /^(?:constant\.language|string\.quoted)/,
  operator: /^(?:punctuation|keyword\.(?:operator|control\.anchor)|constant\.character\.escape)/,
};

const { cases } = JSON.parse(readFileSync(join(__dirname, 'vectors/directives.json'), 'utf8')) as {
  cases: readonly { readonly script: string; readonly problem_codes: readonly string[] }[];
};
const example = readFileSync(join(__dirname, '../examples/train.sh'), 'utf8');
const plain = cases.filter(
  ({ script, problem_codes }) => problem_codes.length === 0 && !/\r|<</.test(script),
);

function disagreements(script: string, pieces: readonly ScopedPiece[]): { all: number; different: string[] } {
  const document = readDocument(TextDocument.create('file:///job.sh', 'shellscript', 1, script));
  const tokens = document.script.directives.flatMap((directive) => findTokens(directive, script));
  const different = tokens.filter(({ span, type }) => {
    const { line, character } = document.text.positionAt(span.start);
    const piece = pieces.find((one) => one.line === line && one.start <= character && character < one.end);
    return !piece?.scopes.slice(1).some((scope) => meanings[type].test(scope));
  });
  return {
    all: tokens.length,
    different: different.map(({ span, type }) => `${script.slice(span.start, span.end)}: ${type}`),
  };
}

if (Object.keys(shells).length === 1)
  console.log("Absent here, for want of the test bed: the grammar in VS Code's shell grammar.");

describe('the grammar', () => {
  it('has fixtures', () => {
    assert.deepEqual(fixtures, ['inline.sh', 'text.sh']);
  });

  for (const [name, path] of Object.entries(shells))
    describe(`in ${name}`, () => {
      const registry = createShellRegistry(path);
      for (const fixture of fixtures)
        it(`colours ${fixture}`, async () => {
          const test = parseGrammarTestCase(readFileSync(join(folder, fixture), 'utf8'));
          assert.ok(test.assertions.length > 2);
          const failures = await runGrammarTestCase(registry, test);
          assert.deepEqual(
            failures.map(({ line, start, end, missing, unexpected, actual }) => ({
              place: `${fixture}:${line + 1}:${start}-${end}`,
              missing,
              unexpected,
              actual,
            })),
            [],
          );
        });

      it('colours blocks, and ends with them', async () => {
        const pieces = await findScopes(registry, block);
        for (const [line, text, scope] of blockPieces) {
          const start = block.split('\n')[line]?.indexOf(text) ?? -1;
          const piece = pieces.find((one) => one.line === line && one.start <= start && start < one.end);
          assert.match(piece?.scopes.at(-1) ?? '', scope, `${line}: ${text}`);
        }
        const behind = pieces.filter(({ line }) => line > 10).flatMap(({ scopes }) => scopes);
        assert.ok(!behind.some((scope) => scope.includes('slurm-watchers')));
      });

      it('agrees with the language server about the example', async () => {
        const { all, different } = disagreements(example, await findScopes(registry, example));
        assert.ok(all > 50);
        assert.deepEqual(different, []);
      });

      it('agrees with it nearly everywhere about the scripts of the language', async () => {
        let all = 0;
        const different: string[] = [];
        for (const { script } of plain) {
          const found = disagreements(script, await findScopes(registry, script));
          all += found.all;
          different.push(...found.different);
        }
        // Values in quotes that hold actions, and forms of generated scripts, are seen by the server alone.
        assert.ok(
          all > 2000 && different.length < all / 50,
          `${different.length} of ${all}: ${different.join('; ')}`,
        );
      });
    });

  it('knows every field and every action, wherever it names them', () => {
    assert.equal(readFileSync(grammarPath, 'utf8'), withLists(readFileSync(grammarPath, 'utf8')));
  });
});
