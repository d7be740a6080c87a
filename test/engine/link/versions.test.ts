// The order of versions.
import assert from 'node:assert/strict';
import { compareVersions } from '../../../engine/link/versions';

describe('versions', () => {
  it('are in the order of semver', () => {
    // The example of semver.org §11, and more.
    const rising = [
      '0.9.0',
      '0.10.0',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0-rc.1-hotfix',
      '1.0.0',
      '1.0.1',
      '2.0.0',
    ];
    for (const [at, one] of rising.entries())
      for (const [other, two] of rising.entries())
        assert.equal(Math.sign(compareVersions(one, two)), Math.sign(at - other), `${one} and ${two}`);
  });

  it('do not differ by their build', () => {
    assert.equal(compareVersions('1.0.0+a', '1.0.0+b'), 0);
  });
});
