// What can be folded: blocks, runs of options, and what is indented, as lines from 0.
import assert from 'node:assert/strict';
import { findFoldings } from '../../server/features/folding';
import { openFixture } from './fixture';

const foldings = (script: string): string[] | undefined =>
  findFoldings(openFixture(script).document)?.map(
    ({ startLine, endLine, kind }) => `${startLine}-${endLine}${kind === undefined ? '' : ` ${kind}`}`,
  );

describe('folding', () => {
  it('knows blocks and runs of #SBATCH lines', () => {
    const script =
      '#SBATCH -n 1\n#SBATCH -t 5\necho\n#WATCHER_BEGIN\n# pattern: a\n#WATCHER_END\n#SBATCH -p x';
    assert.deepEqual(foldings(script), ['3-5 region', '0-1 region']);
  });
  it('knows login set-ups', () => {
    assert.deepEqual(foldings('#LOGIN_SETUP_BEGIN\npip install a\n#LOGIN_SETUP_END\npython a'), [
      '0-2 region',
    ]);
  });
  it('knows what is indented, to the last line that is not empty', () => {
    const script = '#SBATCH -n 1\n#SBATCH -t 5\nif a\nthen\n  b\n  for c\n    d\n\nfi';
    assert.deepEqual(foldings(script), ['0-1 region', '5-6', '3-6']);
  });
  it('leaves other scripts to the editor', () => {
    assert.equal(foldings('if a; then\n  b\nfi'), undefined);
  });
});
