// What lines are to directives: their markers, inline directives that are being written, and blocks that are open.
import assert from 'node:assert/strict';
import { isFieldStart, readInlineKey } from '../../../language/directive/inlineKey';
import {
  continuesBlock,
  findMarker,
  hasDirective,
  isInDirective,
  isInline,
  markerOf,
  markerSpan,
  type LineKind,
} from '../../../language/directive/markers';

describe('markers', () => {
  const lines: readonly (readonly [string, LineKind])[] = [
    ['#WATCHER pattern=x', 'inline'],
    ['  #WATCHER\tpattern=x ', 'inline'],
    ['#WATCHER', 'bare'],
    ['#WATCHER  ', 'bare'],
    [' #WATCHER_BEGIN ', 'begin'],
    ['#WATCHER_END', 'end'],
    ['#WATCHER_BEGIN name', 'other'],
    ['#WATCHERS pattern=x', 'other'],
    ['#watcher pattern=x', 'other'],
    ['echo #WATCHER pattern=x', 'other'],
    ['', 'other'],
  ];
  for (const [line, kind] of lines)
    it(`"${line}" is ${kind}`, () => {
      assert.equal(markerOf(line), kind);
    });

  it('are found with their places in the line', () => {
    assert.deepEqual(findMarker('  #WATCHER pattern=x'), { kind: 'inline', start: 2, end: 10 });
    assert.deepEqual(findMarker('#WATCHER'), { kind: 'inline', start: 0, end: 8 });
    assert.deepEqual(findMarker(' #WATCHER_END '), { kind: 'end', start: 1, end: 13 });
    assert.equal(findMarker('# WATCHER'), undefined);
  });

  it('end where the first word of a directive ends', () => {
    const span = { start: 3, end: 60 };
    assert.deepEqual(markerSpan({ kind: 'inline', span }), { start: 3, end: 11 });
    assert.deepEqual(markerSpan({ kind: 'block', span }), { start: 3, end: 17 });
  });
});

describe('a text', () => {
  it('has directives where a line begins one, in either form', () => {
    assert.ok(hasDirective('#!/bin/bash\n  #WATCHER pattern=x\n'));
    assert.ok(hasDirective('#!/bin/bash\n#WATCHER_BEGIN\n# pattern: x\n#WATCHER_END\n'));
    assert.ok(!hasDirective('#!/bin/bash\n# a #WATCHER\n#WATCHERS\n#WATCHER_END\n'));
  });
});

describe('a place', () => {
  const lineAt =
    (...lines: readonly string[]) =>
    (line: number): string =>
      lines[line] ?? '';

  it('is in an inline directive from the blank after the marker on', () => {
    assert.deepEqual(['#WATCHER', '#WATCHER ', '#WATCHER pat', 'x'].map(isInline), [
      false,
      true,
      true,
      false,
    ]);
  });

  it('is in a block while its lines are comments', () => {
    const isIn = (...above: readonly string[]): boolean =>
      isInDirective('# na', lineAt(...above), above.length);
    assert.ok(isIn('#WATCHER_BEGIN'));
    assert.ok(isIn('#WATCHER_BEGIN', '# pattern: x', '#'));
    assert.ok(!isIn('#WATCHER_BEGIN', '#WATCHER_END'));
    assert.ok(!isIn('#WATCHER_BEGIN', '#SBATCH --time=1'));
    assert.ok(!isIn('#WATCHER_BEGIN', 'srun app'));
    assert.ok(!isIn('# a comment'));
  });

  it('goes on with a block in a new line, but not after a lone #', () => {
    assert.ok(continuesBlock(lineAt('#WATCHER_BEGIN', '# pattern: x', ''), 2));
    assert.ok(!continuesBlock(lineAt('#WATCHER_BEGIN', '#', ''), 2));
    assert.ok(!continuesBlock(lineAt(''), 0));
  });
});

describe('an inline key', () => {
  it('is read with the place of its value', () => {
    assert.deepEqual(readInlineKey(' max-failures = 3', 1), { key: 'max-failures', end: 16 });
    assert.equal(readInlineKey(' a == b', 1), undefined);
  });

  it('begins a field if the field is known and after a blank', () => {
    assert.ok(isFieldStart('x name=a', 2));
    assert.ok(!isFieldStart('x nome=a', 2));
    assert.ok(!isFieldStart('xname=a', 1));
    assert.ok(!isFieldStart('name=a', 0));
  });
});
