// A config.json that is broken: it is needed by some commands, and told once by all others.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSettingsReader } from '../../cli/settings';

describe('config.json at the command line', () => {
  let home: string;
  const notes: string[] = [];
  const note = (text: unknown): void => {
    notes.push(String(text));
  };
  beforeEach(() => {
    home = join(mkdtempSync(join(tmpdir(), 'slurm-watchers-settings-')), 'home');
    mkdirSync(home, { mode: 0o700 });
    notes.length = 0;
  });
  afterEach(() => {
    rmSync(join(home, '..'), { recursive: true });
  });
  const write = (text: string): void => {
    writeFileSync(join(home, 'config.json'), text, { mode: 0o600 });
  };

  it('is read if it is right', async () => {
    write('{"allowedCommands": ["make"]}');
    const reader = createSettingsReader(home, { note });
    assert.deepEqual((await reader.readIfRight())?.allowedCommands, ['make']);
    assert.deepEqual((await reader.read()).allowedCommands, ['make']);
    assert.deepEqual(notes, []);
  });

  it('is told once if it is broken, and left out', async () => {
    write('{"clusters": ');
    const reader = createSettingsReader(home, { note });
    assert.equal(await reader.readIfRight(), null);
    assert.equal(await reader.readIfRight(), null);
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? '', /^warning: .*config\.json is not JSON: .* Going on without it\.$/);
  });

  it('is refused by what needs it', async () => {
    write('{"clusters": {"big": {"kind": "pbs"}}}');
    const reader = createSettingsReader(home, { note });
    await assert.rejects(reader.read(), { code: 'bad-request', message: /clusters\.big\.kind/ });
  });

  it('need not be there', async () => {
    const reader = createSettingsReader(home, { note });
    assert.deepEqual(await reader.readIfRight(), { clusters: {}, sshConfigFile: null });
    assert.deepEqual(notes, []);
  });
});
