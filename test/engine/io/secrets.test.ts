// Where secrets come from, in which order; which files are refused; and that nothing of them is said.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecrets, withoutSecrets, type SecretsParts } from '../../../engine/io/secrets';
import { WatchError } from '../../../engine/errors';
import { maskWebhook } from '../../../language/show/webhook';

const webhook = (name: string): string => `https://hooks.slack.com/services/T0/B0/${name}`;

describe('secrets of notifications', () => {
  let folder: string;
  let asked: unknown[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    asked = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const create = ({
    file,
    environment = {},
    safe = null,
  }: {
    readonly file?: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly safe?: string | null;
  } = {}) => {
    const parts: SecretsParts = {
      settings: () => (file === undefined ? {} : { slack: { hosts: null, webhookFile: file } }),
      environment: () => environment,
      prompter: {
        ask: (cluster, question) => {
          asked.push([cluster, question.kind === 'secret' && question.safeKey]);
          return Promise.resolve(safe === null ? null : [safe]);
        },
      },
    };
    return createSecrets(parts);
  };
  const write = (text: string, mode = 0o600): string => {
    const path = join(folder, 'webhook');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  it('are what was handed over, else of the environment, else of a file, else of a safe', async () => {
    const file = write(`${webhook('file')}\n`);
    const environment = { SLURM_WATCHERS_SLACK_WEBHOOK: webhook('environment') };
    const all = create({ file, environment, safe: webhook('safe') });
    assert.equal(await all.find('slack'), webhook('environment'));
    all.set('slack', webhook('given'));
    assert.equal(await all.find('slack'), webhook('given'));
    all.set('slack', null);
    assert.equal(await all.find('slack'), webhook('environment'));
    assert.equal(await create({ file, safe: webhook('safe') }).find('slack'), webhook('file'));
    assert.equal(await create({ safe: webhook('safe') }).find('slack'), webhook('safe'));
    assert.deepEqual(asked, [['', 'notification:slack']]);
    assert.equal(await create().find('slack'), null);
  });

  it('of a file are refused if others can read or write it, or it is none', async () => {
    const refuses = async (file: string, words: RegExp): Promise<void> => {
      await assert.rejects(create({ file }).find('slack'), (error) => {
        assert.ok(error instanceof WatchError);
        assert.match(`${error.message} ${error.remedy}`, words);
        assert.ok(!error.message.includes('services'));
        return true;
      });
    };
    for (const mode of [0o640, 0o604, 0o620, 0o602]) await refuses(write(webhook('a'), mode), /chmod 600/);
    await refuses(write('http://example.org/services/a'), /cannot be used: This is not a webhook\./);
    await refuses(join(folder, 'missing'), /ENOENT.*setting/);
    mkdirSync(join(folder, 'folder'));
    await refuses(join(folder, 'folder'), /not a file/);
  });

  it('know a webhook by its mask, whether a script has named it or it is the usual one', async () => {
    const secrets = create();
    const mask = maskWebhook(webhook('a'));
    assert.equal(await secrets.findMasked(mask), null);
    secrets.keepWebhook(webhook('a'));
    assert.equal(await secrets.findMasked(mask), webhook('a'));
    assert.equal(await secrets.findMasked(maskWebhook(webhook('b'))), null);
    secrets.set('slack', webhook('b'));
    assert.equal(await secrets.findMasked(maskWebhook(webhook('b'))), webhook('b'));
  });

  it('reach nothing that the engine starts', () => {
    const environment = {
      PATH: '/bin',
      SLURM_WATCHERS_SLACK_WEBHOOK: 'a',
      SLURM_WATCHERS_MAIL_PASSWORD: 'b',
    };
    assert.deepEqual(withoutSecrets(environment), { PATH: '/bin' });
  });
});
