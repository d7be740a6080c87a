// Hints written into the script where they are shown.
import assert from 'node:assert/strict';
import type { Range } from 'vscode-languageserver-protocol';
import { findInlayHints } from '../../server/features/inlayHints';
import { edited, openFixture } from './fixture';

function hinted(script: string, range?: Range): string {
  const { document } = openFixture(script);
  const end = { line: 1000, character: 0 };
  const hints = findInlayHints(document, range ?? { start: { line: 0, character: 0 }, end });
  return edited(
    document,
    hints.map(({ position, label, paddingLeft }) => ({
      range: { start: position, end: position },
      newText: `${paddingLeft ? ' ' : ''}«${typeof label === 'string' ? label : ''}»`,
    })),
  );
}

describe('inlay hints', () => {
  const all = 'interval=1m output=both action=log';
  const cases: readonly [string, string][] = [
    [
      `#WATCHER pattern="(a)(?P<x>b)(?:c)(d)" ${all}`,
      `#WATCHER pattern="(«1:»a)(?P<x>b)(?:c)(«3:»d)" ${all}`,
    ],
    [
      `#WATCHER pattern="(a)(b)" captures=[x] ${all}`,
      `#WATCHER pattern="(«x:»a)(«2:»b)" captures=[x] ${all}`,
    ],
    ['#WATCHER pattern="a"', '#WATCHER pattern="a" «interval=30s output_type=stdout action=log_event»'],
    [
      '#WATCHER_BEGIN\n# pattern: a\n# interval: 5\n# actions:\n#  - pause\n#WATCHER_END',
      '#WATCHER_BEGIN «output_type=stdout»\n# pattern: a\n# interval: 5\n# actions:\n#  - pause\n#WATCHER_END',
    ],
    ['#WATCHER patern="a"', '#WATCHER patern="a"'],
    ['echo "(a)"', 'echo "(a)"'],
  ];
  for (const [script, expected] of cases)
    it(script.replaceAll('\n', ' ⏎ '), () => {
      assert.equal(hinted(script), expected);
    });
  it('are given for the lines that are asked for', () => {
    const script = `#WATCHER pattern="(a)" ${all}\n#WATCHER pattern="(b)" ${all}`;
    const second = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } };
    assert.equal(hinted(script, second), script.replace('(b)', '(«1:»b)'));
  });
});
