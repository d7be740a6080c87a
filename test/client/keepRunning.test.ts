// Where watching goes on without a window.
import assert from 'node:assert/strict';
import { keepsRunning, type Host } from '../../client/keepRunning';

const toHost = (part: Partial<Host> = {}): Host => ({
  platform: 'linux',
  remoteName: undefined,
  env: {},
  ...part,
});

describe('watching without a window', () => {
  it('goes on by itself on desktop Linux and macOS alone', () => {
    assert.equal(keepsRunning('auto', toHost()), true);
    assert.equal(keepsRunning('auto', toHost({ platform: 'darwin' })), true);
    assert.equal(keepsRunning('auto', toHost({ platform: 'win32' })), false);
    assert.equal(keepsRunning('auto', toHost({ remoteName: 'ssh-remote' })), false);
    assert.equal(keepsRunning('auto', toHost({ env: { FLATPAK_ID: 'com.visualstudio.code' } })), false);
    assert.equal(keepsRunning('auto', toHost({ env: { SNAP: '/snap/code' } })), false);
  });

  it('is as a person wants it', () => {
    assert.equal(keepsRunning('always', toHost({ remoteName: 'ssh-remote' })), true);
    assert.equal(keepsRunning('never', toHost()), false);
  });
});
