// The outline of a script: watchers with their fields and actions.
import assert from 'node:assert/strict';
import type { DocumentSymbol } from 'vscode-languageserver-protocol';
import { findSymbols } from '../../server/features/symbols';
import { openFixture, textAt } from './fixture';

const outline = (script: string): string[] => {
  const { document } = openFixture(script);
  const print = (
    { name, detail, children = [], selectionRange }: DocumentSymbol,
    depth: number,
  ): string[] => [
    `${'  '.repeat(depth)}${name}${detail ? `=${detail}` : ''} @${textAt(document, selectionRange)}`,
    ...children.flatMap((child) => print(child, depth + 1)),
  ];
  return findSymbols(document).flatMap((symbol) => print(symbol, 0));
};

describe('document symbols', () => {
  it('are watchers by their names', () => {
    assert.deepEqual(outline('#WATCHER name=loss pattern="a" action=log_event(x)\n#WATCHER pattern="b"'), [
      'loss @0: #WATCHER',
      '  name=loss @0: name',
      '  pattern="a" @0: pattern',
      '  log_event @0: log_event',
      'watcher 2 @1: #WATCHER',
      '  pattern="b" @1: pattern',
    ]);
  });
  it('have the fields and actions of blocks, in their order', () => {
    assert.deepEqual(
      outline('#WATCHER_BEGIN\n# actions:\n#  - log(x)\n#  - pause\n# pattern: b\n#WATCHER_END'),
      [
        'watcher 1 @0: #WATCHER_BEGIN',
        '  log_event @2: log',
        '  pause_watcher @3: pause',
        '  pattern=b @4: pattern',
      ],
    );
  });
  it('are there for a directive with errors, and nothing else', () => {
    assert.deepEqual(outline('#WATCHER pattern="("\necho'), [
      'watcher with errors @0: #WATCHER',
      '  pattern="(" @0: pattern',
    ]);
  });
  it('enclose what they contain', () => {
    const { document } = openFixture(
      '#WATCHER_BEGIN\n# pattern: a\n# name:\n# condition: int(x)\n#   > 1\n#WATCHER_END',
    );
    for (const { range, children = [] } of findSymbols(document))
      for (const child of children) {
        assert.ok(child.range.start.line >= range.start.line && child.range.end.line <= range.end.line);
        assert.ok(
          child.selectionRange.end.character <= child.range.end.character ||
            child.range.end.line > child.range.start.line,
        );
      }
  });
});
