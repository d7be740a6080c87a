// The manifest and the client agree: commands and their files, settings and their properties, views and their words.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import manifest from '../package.json';

const root = dirname(__dirname);
const { commands, menus, configuration, views, viewsWelcome, grammars, snippets, jsonValidation } =
  manifest.contributes;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const tailOf = (id: string): string => id.split('.').at(-1) ?? '';

describe('manifest', () => {
  for (const { command, title, category, icon, enablement } of commands) {
    it(`${command} is a file of its own and complete`, () => {
      const tail = tailOf(command);
      assert.equal(command, `slurmWatchers.${tail}`);
      assert.ok(existsSync(join(root, `client/commands/${tail}.ts`)), `client/commands/${tail}.ts`);
      assert.match(read('client/commands.ts'), new RegExp(`^  ${tail},$`, 'm'));
      for (const text of [title, category, icon, enablement]) assert.ok(text);
      assert.match(icon, /^\$\([a-z-]+\)$/);
    });
  }

  it('has menus for known commands alone', () => {
    const known = new Set(commands.map(({ command }) => command));
    const used = Object.values(menus).flatMap((items) => items.map(({ command }) => command));
    assert.deepEqual(
      used.filter((command) => !known.has(command)),
      [],
    );
  });

  it('has a command for every file of commands', () => {
    const tails = readdirSync(join(root, 'client/commands')).map((name) => name.replace(/\.ts$/, ''));
    assert.deepEqual(tails.sort(), commands.map(({ command }) => tailOf(command)).sort());
  });

  for (const [key, property] of Object.entries(configuration.properties)) {
    it(`${key} is a property of the settings, with its words and its scope`, () => {
      // What differs from folder to folder is asked for by the language server.
      const reader = property.scope === 'resource' ? 'server/settings.ts' : 'client/settings.ts';
      assert.match(read(reader), new RegExp(`^  readonly ${tailOf(key)}: `, 'm'));
      assert.ok(property.markdownDescription);
      assert.ok(['machine', 'window', 'resource'].includes(property.scope));
      if ('enum' in property) assert.equal(property.enum.length, property.enumDescriptions.length);
    });
  }

  it('has a welcome for every view', () => {
    for (const { id } of views.slurmWatchers)
      assert.ok(
        viewsWelcome.some(({ view }) => view === id),
        id,
      );
  });

  it('names files that are there', () => {
    const schemas = jsonValidation.map(({ url }) => url);
    for (const path of [...[...grammars, ...snippets].map((item) => item.path), manifest.icon, ...schemas])
      assert.ok(existsSync(join(root, path)), path);
    for (const { icon } of manifest.contributes.viewsContainers.activitybar)
      assert.ok(existsSync(join(root, icon)));
  });

  it('says what works without trust, and in virtual folders', () => {
    for (const capability of Object.values(manifest.capabilities)) {
      assert.equal(capability.supported, 'limited');
      assert.ok(capability.description);
    }
  });
});
