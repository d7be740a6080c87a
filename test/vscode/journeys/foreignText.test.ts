// What jobs, sbatch and servers say is shown as text: none of it becomes a link, an icon or a command of the workbench.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { Server, utils } from 'ssh2';
import { Workbench } from '../bed/workbench';

/** Opens an editor when it runs: that is seen, and does no harm. */
const link = (label: string): string => `[${label}](command:workbench.action.files.newUntitledFile)`;
const typed =
  '[open the report](command:workbench.action.terminal.sendSequence?%7B%22text%22%3A%22true%5Cu000D%22%7D)';

const printing = `#!/bin/bash
#WATCHER name="$(error) [n](command:x)" pattern="ERROR: (.*)" captures=[e] interval=1 action=log_event(message="$e", level="error")
#WATCHER name=cell pattern="CELL (.*)" captures=[c] interval=1 action=log_event(message="$c", level="warning")
echo 'ERROR: checkpoint failed, ${typed}'
echo $'CELL ${link('open the cell')} \\e[31m\\u202ered'
sleep 1
`;

const refusing = `#!/bin/bash
case "$*" in *--version*) echo 'slurm 23.11.4'; exit 0 ;; esac
printf 'sbatch: error: ${link('Click to fix')}\\n\\033]0;pwned\\007\\n' >&2
exit 1
`;

const controller = `#!/bin/bash
echo 'ClusterName             = here'
`;
const silent = '#!/bin/bash\n';

/** A login node that asks what it likes. */
async function startServer(): Promise<{ readonly port: number; close(): void }> {
  const { private: key } = utils.generateKeyPairSync('ed25519');
  const server = new Server({ hostKeys: [key] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
      else
        context.prompt([{ prompt: `${link('Code of the day')} $(key): `, echo: true }], () => {
          context.reject(['keyboard-interactive']);
        });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

describe('text of others in the workbench', function () {
  let workbench: Workbench;
  let server: Awaited<ReturnType<typeof startServer>>;
  let directory: string;
  before(async () => {
    server = await startServer();
    directory = mkdtempSync(join(tmpdir(), 'sw-foreign-'));
    const config = join(directory, 'ssh_config');
    writeFileSync(
      config,
      `Host asking
  HostName 127.0.0.1
  Port ${server.port}
  User me
  IdentityAgent none
  UserKnownHostsFile ${join(directory, 'known_hosts')}
  GlobalKnownHostsFile none
`,
    );
    workbench = await Workbench.open({
      programs: { sbatch: refusing, scontrol: controller, squeue: silent, sacct: silent },
      settings: {
        'slurmWatchers.ssh.configFile': config,
        'slurmWatchers.clusters': {
          here: { kind: 'local' },
          asking: { host: 'asking' },
        },
      },
    });
    for (const [name, text] of Object.entries({
      'printing.sh': printing,
      'plain.sh': '#!/bin/bash\n#SBATCH --time=1\n',
    }))
      writeFileSync(join(workbench.profile.workspace, name), text);
    await workbench.showWatchers();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(async () => {
    await workbench.close();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Clicks the middle of these words, where a link of theirs would be. */
  const clickWords = async (place: Locator, words: string): Promise<void> => {
    const point = await place.evaluate((element, wanted) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.textContent?.indexOf(wanted) ?? -1;
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        const box = range.getClientRects()[0];
        return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      return undefined;
    }, words);
    assert.ok(point, `${words} is not shown`);
    await workbench.page.mouse.click(point.x, point.y);
  };

  /** That a click did nothing is seen once something later has been done. */
  const nothingRan = async (): Promise<void> => {
    await workbench.openFile('train.sh');
    assert.equal(await workbench.page.locator('.tab', { hasText: 'Untitled' }).count(), 0);
    assert.equal(await workbench.page.locator('.terminal-outer-container, .terminal-editor').count(), 0);
  };

  const holdsNoLink = async (place: Locator, words: string): Promise<void> => {
    await place.waitFor();
    assert.ok((await place.innerText()).includes(words));
    assert.equal(await place.locator('a', { hasText: words }).count(), 0);
    await clickWords(place, words);
    await nothingRan();
  };

  it('is no link in a notification of what a job printed', async () => {
    await workbench.openFile('printing.sh');
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.pick('sandbox');
    await holdsNoLink(workbench.notification('checkpoint failed'), 'open the report');
    const cell = workbench.notification('open the cell');
    await holdsNoLink(cell, 'open the cell');
    assert.match(await cell.innerText(), /\\x1b\[31m\\u202ered/);
    await workbench.photograph('text of a job');
  });

  it('is neither icon nor link in a list to pick from', async () => {
    await workbench.run('Slurm Watchers: Copy Watcher');
    const row = workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: '(error)' });
    await row.waitFor();
    assert.match(await row.innerText(), /\$\(error\) \[n\] \(command:x\)/);
    assert.equal(await row.locator('.codicon-error').count(), 0);
    await workbench.page.keyboard.press('Escape');
  });

  it('is no link in an error of sbatch', async () => {
    await workbench.openFile('plain.sh');
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.pick('here');
    const error = workbench.notification('Click to fix');
    await holdsNoLink(error, 'Click to fix');
    assert.match(await error.innerText(), /\\x1b\]0;pwned\\x07/);
  });

  it('is neither link nor icon in what a server asks', async () => {
    await workbench.run('Slurm Watchers: Sign In');
    await workbench.pick('asking');
    await workbench.dialog.getByRole('button', { name: 'Connect' }).click();
    const prompt = workbench.page.locator('.quick-input-widget .quick-input-message', {
      hasText: 'Code of the day',
    });
    await prompt.waitFor();
    await workbench.photograph('question of a server');
    assert.equal(await prompt.locator('a').count(), 0);
    assert.equal(await prompt.locator('.codicon').count(), 0);
    assert.match(await prompt.innerText(), /\$\(key\)/);
    await clickWords(prompt, 'Code of the day');
    await workbench.page.keyboard.press('Escape');
    await nothingRan();
  });
});
