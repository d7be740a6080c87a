// The home directory on every platform.
import assert from 'node:assert/strict';
import { findHome, type Surroundings } from '../../../engine/link/home';

function home(platform: NodeJS.Platform, env: Surroundings['env'], homedir = '/home/ada'): string {
  return findHome({ platform, env, homedir });
}

describe('the home directory', () => {
  it('is what the user says, wherever', () => {
    const env = { SLURM_WATCHERS_HOME: '/data/w', XDG_STATE_HOME: '/x', LOCALAPPDATA: 'C:\\L' };
    assert.equal(home('linux', env), '/data/w');
    assert.equal(home('darwin', env), '/data/w');
    assert.equal(home('win32', { SLURM_WATCHERS_HOME: 'D:\\w' }), 'D:\\w');
  });

  it('follows the XDG base directories on Linux', () => {
    assert.equal(home('linux', { XDG_STATE_HOME: '/x' }), '/x/slurm-watchers');
    assert.equal(home('linux', {}), '/home/ada/.local/state/slurm-watchers');
  });

  it('ignores what is relative or empty', () => {
    assert.equal(home('linux', { XDG_STATE_HOME: 'x' }), '/home/ada/.local/state/slurm-watchers');
    assert.equal(home('linux', { SLURM_WATCHERS_HOME: '', XDG_STATE_HOME: '/x' }), '/x/slurm-watchers');
  });

  it('lies where the platform keeps state on macOS and Windows', () => {
    assert.equal(
      home('darwin', { XDG_STATE_HOME: '/x' }, '/Users/ada'),
      '/Users/ada/Library/Application Support/slurm-watchers',
    );
    assert.equal(home('win32', { LOCALAPPDATA: 'C:\\L' }), 'C:\\L\\slurm-watchers');
    assert.equal(home('win32', {}, 'C:\\Users\\ada'), 'C:\\Users\\ada\\AppData\\Local\\slurm-watchers');
  });
});
