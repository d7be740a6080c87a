// Messages through the real command line and engine: a webhook that comes late, a mailer of this computer, and nothing left behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { waitFor } from '../waitFor';
import { createCommandLine, projectRoot, type CommandLine } from './commandLine';

interface StatusRow {
  readonly waiting: readonly { readonly reason: string; readonly count: number }[];
}

describe('messages of watchers on the sandbox', function () {
  this.timeout(60_000);
  let cli: CommandLine;
  let slack: Server;
  let webhook: string;
  let bodies: string[];
  beforeEach(async () => {
    bodies = [];
    slack = createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => (body += String(piece)));
      request.on('end', () => {
        bodies.push(body);
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
    webhook = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/services/T0/secretsecret`;
  });
  afterEach(async () => {
    await cli.close();
    slack.close();
    rmSync(folder, { recursive: true });
  });

  /** With a mailer of its own, which puts down what it gets, and this computer among the hosts of webhooks. */
  const begin = (environment: NodeJS.ProcessEnv = {}): void => {
    const PATH = process.env['PATH'] ?? '';
    cli = createCommandLine({ environment: { ...environment, PATH: `${programs()}:${PATH}` } });
    mkdirSync(cli.home, { mode: 0o700 });
    const config = { slack: { hosts: ['127.0.0.1'] }, mail: { from: 'bot@example.org' } };
    writeFileSync(join(cli.home, 'config.json'), JSON.stringify(config), { mode: 0o600 });
    writeFileSync(
      join(folder, 'sendmail'),
      `#!/bin/sh\n{ printf '%s ' "$@"; echo; cat; } > '${join(folder, 'mail')}'\n`,
      { mode: 0o755 },
    );
  };
  let folder = '';
  const programs = (): string => {
    folder = join(projectRoot, 'out', `mailer-${process.pid}-${Date.now()}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const runScript = async (script: string): Promise<void> => {
    const path = join(cli.workdir, 'job.sh');
    writeFileSync(path, `#!/bin/bash\n${script}`);
    const { status, stderr } = await cli.run('run', path, '--yes');
    assert.equal(status, 0, stderr);
  };
  const handOver = (value: string): Promise<number | null> => {
    const child = spawn(process.execPath, [join(projectRoot, 'dist/cli.js'), 'secret', 'set', 'slack'], {
      env: { ...process.env, SLURM_WATCHERS_HOME: cli.home },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.end(`${value}\n`);
    return new Promise((resolve) => {
      child.once('close', resolve);
    });
  };
  const readAll = (directory: string): string =>
    readdirSync(directory)
      .map((name) => join(directory, name))
      .map((path) => {
        const found = statSync(path, { throwIfNoEntry: false });
        if (found?.isDirectory()) return readAll(path);
        return found?.isFile() ? readFileSync(path, 'latin1') : '';
      })
      .join('');

  it('wait for a webhook without holding up a mail, and leave no secret behind', async () => {
    begin();
    await runScript(
      `#WATCHER name=w pattern="n=(\\d+)" captures=[n] interval=1s actions=[notify_slack(message="got <!channel> $n"), notify_email(message="got $n", to="me@example.org")]
echo n=5
`,
    );
    const mail = await waitFor('the mail', () => {
      const text = statSync(join(folder, 'mail'), { throwIfNoEntry: false });
      return text !== undefined && readFileSync(join(folder, 'mail'), 'utf8').includes('got 5') && 'arrived';
    });
    assert.equal(mail, 'arrived');
    const text = readFileSync(join(folder, 'mail'), 'utf8');
    assert.match(
      text,
      /^-i -- me@example\.org \nFrom: bot@example\.org\nTo: me@example\.org\nSubject: \[w\] job\.sh 1\n/,
    );
    const { waiting } = await cli.json<StatusRow>('engine', 'status', '--json');
    assert.equal(waiting[0]?.count, 1);
    assert.match(
      (await cli.run('engine', 'status')).stdout,
      /notify_slack waits \(triggered .*\): There is no Slack webhook yet\./,
    );
    assert.deepEqual(bodies, []);

    assert.equal(await handOver('nonsense'), 2);
    assert.equal(await handOver(webhook), 0);
    await waitFor('the message', () => bodies.length > 0);
    assert.match(bodies.join(), /"text":"got &lt;!channel&gt; 5"/);
    assert.ok(!readAll(cli.home).includes('secretsecret'));
  });

  it('take a webhook of the environment, which no job gets, and one that a script names, which is not kept', async () => {
    begin({ SLURM_WATCHERS_SLACK_WEBHOOK: 'http://127.0.0.1:1/services/T0/environmentsecret' });
    await runScript(
      `#WATCHER name=w pattern="n=" interval=1s action=notify_slack(message="named", webhook="${webhook}")
echo n=1
env | grep -c environmentsecre[t] > seen
true
`,
    );
    await waitFor('the message', () => bodies.length > 0);
    assert.equal(readFileSync(join(cli.workdir, 'seen'), 'utf8').trim(), '0');
    const shown = [
      (await cli.run('events', '--json')).stdout,
      (await cli.run('list', '--json')).stdout,
      (await cli.run('export', '--format', 'json')).stdout,
      readAll(cli.home),
    ].join('\n');
    assert.ok(!shown.includes('secretsecret'));
    assert.ok(!shown.includes('environmentsecret'));
    assert.match(shown, /http:\/\/127\.0\.0\.1:\d+\/services\/…[0-9a-f]{12}/);
  });
});
