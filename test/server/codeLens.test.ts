// The lens that submits: at the first line that is ours, for clients that can.
import assert from 'node:assert/strict';
import { toClientTraits } from '../../server/clientTraits';
import { findLenses } from '../../server/features/codeLens';
import { openFixture, uri } from './fixture';

const lenses = (script: string, options: unknown): (string | undefined)[] =>
  findLenses(openFixture(script).document, toClientTraits({}, options)).map(
    ({ range, command }) => `${range.start.line} ${command?.command ?? ''} ${String(command?.arguments)}`,
  );

describe('code lens', () => {
  const able = { submitCommand: 'submit' };
  it('stands at the first directive or option', () => {
    assert.deepEqual(lenses('#!/bin/bash\n#SBATCH -n 1\n#WATCHER pattern="a"', able), [`1 submit ${uri}`]);
    assert.deepEqual(lenses('#!/bin/bash\n#WATCHER pattern="a"\n#SBATCH -n 1', able), [`1 submit ${uri}`]);
  });
  it('is not there for other scripts', () => {
    assert.deepEqual(lenses('#!/bin/bash\necho', able), []);
  });
  it('stands at each directive for commands that the client has', () => {
    const directiveCommands = [{ title: 'Test pattern', command: 'test' }, { title: 5 }, 'nonsense'];
    assert.deepEqual(
      lenses('#SBATCH -n 1\n\n#WATCHER pattern="a"\n#WATCHER pattern="b"', { directiveCommands }),
      [`2 test ${uri},2`, `3 test ${uri},3`],
    );
    assert.deepEqual(lenses('#WATCHER pattern="a"', { directiveCommands: 'nonsense' }), []);
  });
  for (const options of [undefined, null, 'text', {}, { submitCommand: 5 }])
    it(`is not there for clients that say ${JSON.stringify(options)}`, () => {
      assert.deepEqual(lenses('#SBATCH -n 1', options), []);
    });
});
