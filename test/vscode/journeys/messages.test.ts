// Messages in the workbench: what they wait for is asked for once, kept in the secret storage, and shown nowhere.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { waitFor } from '../../waitFor';
import { Workbench } from '../bed/workbench';

const script = `#!/bin/bash
#SBATCH --job-name=chatty
#WATCHER name=tell pattern="epoch (\\d+)" captures=[epoch] interval=1s action=notify_slack(message="reached epoch $epoch")
echo "epoch 1"
sleep 30
`;

describe('messages in the workbench', function () {
  this.bail(true);
  let workbench: Workbench;
  let slack: Server;
  const bodies: string[] = [];
  before(async () => {
    slack = createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => (body += String(piece)));
      request.on('end', () => {
        bodies.push(body);
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
    workbench = await Workbench.open({
      settings: {
        'workbench.colorTheme': 'Default Dark Modern',
        'slurmWatchers.slack': { hosts: ['127.0.0.1'] },
      },
    });
    writeFileSync(join(workbench.profile.workspace, 'chatty.sh'), script);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(async () => {
    slack.close();
    await workbench.close();
  });

  const submit = async (): Promise<void> => {
    await workbench.openFile('chatty.sh');
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.pick('sandbox');
  };

  it('wait for a webhook, which is asked for', async () => {
    await workbench.showWatchers();
    await submit();
    await workbench.dialog.getByText('"tell" sends a message to Slack').waitFor();
    await workbench.dialog.getByRole('button', { name: 'Submit' }).click();
    await workbench.notification('chatty.sh was submitted to sandbox').waitFor();
    await workbench.notification(/no Slack webhook/).waitFor();
    await workbench.photograph('message waits');
    assert.deepEqual(bodies, []);
  });

  it('go out when it is given, and it is shown nowhere', async () => {
    const { port } = slack.address() as AddressInfo;
    const webhook = `http://127.0.0.1:${port}/services/T0/B0/not-to-be-seen`;
    await workbench
      .notification(/no Slack webhook/)
      .getByRole('button', { name: 'Set Slack Webhook' })
      .click();
    await workbench.input.waitFor();
    assert.equal(await workbench.input.getAttribute('type'), 'password');
    await workbench.photograph('webhook asked for');
    await workbench.input.fill(webhook);
    await workbench.page.keyboard.press('Enter');
    await waitFor('the message', () => bodies.some((body) => body.includes('reached epoch 1')), 45_000);
    await workbench.row('posted to Slack').first().waitFor();
    await workbench.photograph('message sent');
    assert.ok(!(await workbench.page.content()).includes('not-to-be-seen'));
  });
});
