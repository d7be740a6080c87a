// Homes into which somebody else could put things.
import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import { connectEngine } from '../../../engine/link/connect';
import { readConfigFile } from '../../../engine/link/accessSettings';
import { findUserHome } from '../../../engine/link/account';
import { findHome } from '../../../engine/link/home';
import { checkHome, type Owner } from '../../../engine/link/ownHome';

const user = process.getuid?.() ?? 0;
/** Nobody has it. */
const stranger = 3_999_999_999;

describe('a home', () => {
  let directory: string;
  let home: string;
  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'own-home-')));
    home = join(directory, 'home');
    mkdirSync(home, { mode: 0o700 });
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const check = (path = home, owner: Partial<Owner> = {}): Promise<void> =>
    checkHome(path, { user, userHome: '/nonexistent', ...owner });
  const refuses = async (work: Promise<unknown>, words: RegExp): Promise<void> => {
    await assert.rejects(work, (error) => {
      assert.ok(error instanceof WatchError, String(error));
      assert.equal(error.code, 'engine-unreachable');
      assert.match(`${error.message} ${error.remedy}`, words);
      assert.match(error.remedy, /SLURM_WATCHERS_HOME/);
      return true;
    });
  };

  it('of the user alone is good, also when it is not there yet, or behind links of the user', async () => {
    await check();
    await check(join(directory, 'new/below'));
    symlinkSync(directory, join(directory, 'link'));
    symlinkSync('link/../home', join(directory, 'second'));
    await check(join(directory, 'link', 'home'));
    await check(join(directory, 'second'));
    symlinkSync('round', join(directory, 'round'));
    await check(join(directory, 'round'));
  });

  it('of another user is refused', () =>
    refuses(check(home, { user: stranger, userHome: home }), / belongs to another user \(/));

  for (const mode of [0o770, 0o720, 0o707, 0o702, 0o777, 0o1777])
    it(`that others may write to is refused (${mode.toString(8)})`, async () => {
      chmodSync(home, mode);
      await refuses(check(), /others may write to .*home\. .*chmod go-w/);
      // Whoever looks by another way sees the same.
      symlinkSync(home, join(directory, 'link'));
      await refuses(check(join(directory, 'link')), /others may write to/);
    });

  for (const mode of [0o700, 0o750, 0o755, 0o711])
    it(`that others may only look at is good (${mode.toString(8)})`, async () => {
      chmodSync(home, mode);
      await check();
    });

  it('in a directory that everybody may write to is refused, unless it is sticky as /tmp is', async () => {
    chmodSync(directory, 0o777);
    await refuses(check(), new RegExp(`everybody may write to ${directory}`));
    await refuses(check(join(directory, 'new')), /everybody may write to/);
    symlinkSync(home, join(directory, 'link'));
    await refuses(check(join(directory, 'link')), /everybody may write to/);
    chmodSync(directory, 0o1777);
    await check();
  });

  it('is looked at where it is, also if its path is relative', async () => {
    chmodSync(home, 0o777);
    const before = process.cwd();
    process.chdir(directory);
    try {
      await refuses(check('home'), /others may write to .*home\./);
    } finally {
      process.chdir(before);
    }
  });

  it('is not in the current directory, whatever HOME says', () => {
    const { HOME: before, SLURM_WATCHERS_HOME: ours, XDG_STATE_HOME: state } = process.env;
    delete process.env['SLURM_WATCHERS_HOME'];
    delete process.env['XDG_STATE_HOME'];
    try {
      for (const value of ['', '.', 'below', '~']) {
        process.env['HOME'] = value;
        assert.equal(findUserHome(), userInfo().homedir);
        assert.ok(isAbsolute(findHome()), findHome());
      }
    } finally {
      for (const [name, value] of Object.entries({
        HOME: before,
        SLURM_WATCHERS_HOME: ours,
        XDG_STATE_HOME: state,
      }))
        if (value !== undefined) process.env[name] = value;
    }
  });

  it('with a file that others may change is refused where they can reach it', async () => {
    writeFileSync(join(home, 'config.json'), '{}');
    chmodSync(join(home, 'config.json'), 0o664);
    await check();
    chmodSync(home, 0o711);
    await refuses(check(), /others may write to .*config\.json/);
  });

  it('below the user’s own home directory does not depend on who owns the way there', async () => {
    // As another user, who has this directory as the home and owns none of it.
    const owner = { user: lstatSync(directory).uid, userHome: join(directory, 'home') };
    await check(join(home, '.local/state/slurm-watchers'), owner);
  });

  it('that is not safe is not even looked into, by client or engine', async () => {
    chmodSync(home, 0o777);
    writeFileSync(join(home, 'config.json'), '{"ssh": {"configFile": "/evil"}}');
    await refuses(readConfigFile(home), /others may write to/);
    for (const start of [true, false])
      await refuses(
        connectEngine({
          ...{ home, version: '1.0.0', bundleDirectory: directory, clientName: 'test', keepRunning: null },
          ...{ start, onChange: () => undefined, onLost: () => undefined },
        }),
        /others may write to/,
      );
  });
});
