// The environment of the engine, and the pauses of its supervisor.
import assert from 'node:assert/strict';
import { engineEnvironment } from '../../../engine/link/launch';
import { pauseAfter } from '../../../engine/link/supervise';

describe('the environment of the engine', () => {
  const env = {
    PATH: '/bin',
    SSH_AUTH_SOCK: '/agent',
    VSCODE_PID: '1',
    ELECTRON_NO_ATTACH_CONSOLE: '1',
    ELECTRON_RUN_AS_NODE: '1',
    NODE_OPTIONS: '--inspect',
    NODE_OPTIONS_OF_MINE: 'kept',
  };

  it('is the starter’s without what an editor sets for itself', () => {
    assert.deepEqual(engineEnvironment(env, false), {
      PATH: '/bin',
      SSH_AUTH_SOCK: '/agent',
      NODE_OPTIONS_OF_MINE: 'kept',
    });
  });

  it('tells Electron to be Node', () => {
    assert.equal(engineEnvironment({}, true)['ELECTRON_RUN_AS_NODE'], '1');
  });
});

describe('the pause after failures', () => {
  it('grows, and is bounded', () => {
    assert.deepEqual(
      [1, 2, 3, 8, 100].map((failures) => pauseAfter(failures, 0.5)),
      [250, 500, 1000, 30_000, 30_000],
    );
  });

  it('differs between windows', () => {
    assert.deepEqual(
      [0, 1].map((random) => pauseAfter(1, random)),
      [125, 375],
    );
  });
});
