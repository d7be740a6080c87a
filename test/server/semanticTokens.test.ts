// The coloured pieces of a script: each with its type, in the order of the script.
import assert from 'node:assert/strict';
import type { Range, SemanticTokens } from 'vscode-languageserver-protocol';
import { findSemanticTokens, legend } from '../../server/features/semanticTokens';
import { openFixture } from './fixture';

function tokens(script: string, range?: Range): string[] {
  const { document } = openFixture(script);
  const { data }: SemanticTokens = findSemanticTokens(document, range);
  const found: string[] = [];
  for (let at = 0, line = 0, character = 0; at < data.length; at += 5) {
    const [lines = 0, characters = 0, length = 0, type = 0] = data.slice(at);
    character = lines > 0 ? characters : character + characters;
    line += lines;
    const start = document.text.offsetAt({ line, character });
    found.push(`${script.slice(start, start + length)} ${legend.tokenTypes[type] ?? '?'}`);
  }
  return found;
}

describe('semantic tokens', () => {
  it('colour keys, patterns, names and conditions', () => {
    assert.deepEqual(tokens('#WATCHER pattern="l (\\d+)" captures=[loss] condition="float(loss) > 1.5"'), [
      '#WATCHER keyword',
      'pattern property',
      '"l  string',
      '( operator',
      '\\d regexp',
      '+ operator',
      ') operator',
      '" string',
      'captures property',
      'loss variable',
      'condition property',
      'float function',
      'loss variable',
      '> operator',
      '1.5 number',
    ]);
  });
  it('colour the markers of a login set-up, and leave its commands to the shell', () => {
    const setUp = '#LOGIN_SETUP_BEGIN\npip install a\n#LOGIN_SETUP_END\n';
    assert.deepEqual(tokens(setUp), ['#LOGIN_SETUP_BEGIN keyword', '#LOGIN_SETUP_END keyword']);
  });
  it('colour actions, parameters and variables in blocks', () => {
    const script =
      '#WATCHER_BEGIN\n# pattern: a\n# interval: 5m\n# actions:\n#  - log(message="x $0", level=info) if not "a" in "b"\n#WATCHER_END';
    assert.deepEqual(tokens(script).slice(3), [
      'interval property',
      '5m number',
      'actions property',
      'log function',
      'message parameter',
      'x  string',
      '$0 variable',
      'level parameter',
      'info enumMember',
      'not keyword',
      '"a" string',
      'in keyword',
      '"b" string',
      '#WATCHER_END keyword',
    ]);
  });
  it('never overlap, in blocks with inline directives and in values over lines', () => {
    const script =
      '#WATCHER_BEGIN\n# pattern: a\n#WATCHER pattern="(b)" name=x\n# name: long\n#   name\n#WATCHER_END';
    assert.ok(tokens(script).includes('x string'));
    assert.ok(!tokens(script).some((token) => token.includes('\n')));
  });
  it('are given for the lines that are asked for', () => {
    const second = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } };
    assert.deepEqual(tokens('#WATCHER pattern="a"\n#WATCHER name=b', second), [
      '#WATCHER keyword',
      'name property',
      'b string',
    ]);
  });
  it('are the same for the same directive at another place', () => {
    const directive = '#WATCHER pattern="(a)" captures=[x] trigger_job_states=[failed, oom]';
    const once = tokens(directive);
    assert.deepEqual(once.slice(-3), ['trigger_job_states property', 'failed enumMember', 'oom enumMember']);
    assert.deepEqual(tokens(`echo\n  ${directive}\n\t${directive}`), [...once, ...once]);
  });
  it('are none in the program', () => {
    assert.deepEqual(tokens('echo "$loss"\n#SBATCH --time=1\n'), []);
  });
});
