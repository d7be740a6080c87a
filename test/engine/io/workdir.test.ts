// Where a job works: folders found on a real machine, and what is said of those that are not there.
import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import { createLocalMachine } from '../../../engine/io/localMachine';
import { createFindWorkdir, findFolderHere } from '../../../engine/io/workdir';
import { useTemporaryHome } from '../temporaryHome';
import { createOwnFileReader } from './ownFileReader';

const nasty = `it's "a" $(touch x) \`b\` -n *`;

describe('the folder that a job works in', () => {
  const directory = useTemporaryHome();
  const home = (): string => realpathSync(directory());
  const find = (path: string | null, root: string | null = null): Promise<string> => {
    const machine = createLocalMachine({
      environment: { ...process.env, HOME: home(), CDPATH: '/' },
      files: createOwnFileReader(),
    });
    return createFindWorkdir(machine, 'big', root)(path);
  };
  beforeEach(() => {
    for (const name of ['runs/one', nasty, '-n']) mkdirSync(join(directory(), name), { recursive: true });
    writeFileSync(join(directory(), 'file'), '');
  });

  it('is the root directory, or the home', async () => {
    assert.equal(await find(null), home());
    assert.equal(await find(null, '~/runs'), join(home(), 'runs'));
    assert.equal(await find(null, join(home(), 'runs')), join(home(), 'runs'));
  });

  it('is found below the root directory, below the home, or where it says', async () => {
    assert.equal(await find('one', '~/runs'), join(home(), 'runs/one'));
    assert.equal(await find('~/runs', '/'), join(home(), 'runs'));
    assert.equal(await find('~', '/'), home());
    assert.equal(await find('/', '~/runs'), '/');
  });

  it('may have any name', async () => {
    for (const name of [nasty, '-n']) assert.equal(await find(name), join(home(), name));
  });

  const refuses = (path: string, message: RegExp): void => {
    it(`is not ${JSON.stringify(path)}: ${message.source}`, async () => {
      await assert.rejects(
        find(path),
        (error) => error instanceof WatchError && error.code === 'bad-request' && message.test(error.message),
      );
    });
  };
  refuses('nowhere', /^Jobs cannot work in nowhere on big: there is no such folder\.$/);
  refuses('tmp', /there is no such folder/);
  refuses('file', /it is not a folder/);
  refuses('a\nb', /a line break/);

  it('is looked for without a shell in the sandbox', async () => {
    assert.equal(await findFolderHere(home()), home());
    await assert.rejects(findFolderHere(join(home(), 'nowhere')), /there is no such folder/);
    await assert.rejects(findFolderHere(join(home(), 'file')), /it is not a folder/);
  });
});
