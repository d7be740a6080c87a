// Settings of clusters: what they may say, and errors that name the key.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import {
  checkAccessSettings,
  parseAccessSettings,
  pickEnvironment,
  readConfigFile,
} from '../../../engine/link/accessSettings';
import { useTemporaryHome } from '../temporaryHome';

const big = {
  kind: 'ssh',
  host: 'login1',
  rootDirectory: '~/runs',
  minIntervalSeconds: 30,
  queryIntervalSeconds: 20,
  settleSeconds: 5,
};

describe('the settings of clusters', () => {
  it('are right in the example of the documentation', () => {
    const text = readFileSync(join(__dirname, '../../../docs/clusters.md'), 'utf8');
    const example = /```json\n([^]*?)```/.exec(text)?.[1] ?? assert.fail('no example');
    assert.deepEqual(parseAccessSettings(JSON.parse(example)).problems, []);
  });

  const finds = (json: unknown, ...expected: readonly string[]): void => {
    it(`${JSON.stringify(json)} has ${expected.length === 0 ? 'no problem' : expected.join(' ')}`, () => {
      const { problems } = parseAccessSettings(json);
      assert.deepEqual(
        problems.map(({ key, message }) => `${key}: ${message}`),
        expected,
      );
      for (const { remedy } of problems) assert.match(remedy, /\.$|…\}\.$/);
    });
  };
  finds({});
  finds({ clusters: { big, home: { kind: 'local' }, plain: {} }, ssh: { configFile: '~/.ssh/work' } });
  finds({ history: { recentDays: 30, keepMonths: 12 } });
  finds({ history: { keepMonths: null } });
  finds({ history: { keepMonths: 0 } }, 'history.keepMonths: history.keepMonths is 0.');
  finds({ allowedCommands: ['make', './run.sh'] });
  finds({ allowedCommands: null });
  finds({ allowedCommands: 'make' }, 'allowedCommands: allowedCommands is "make".');
  finds({ allowedCommands: ['make all'] }, 'allowedCommands: allowedCommands is ["make all"].');
  finds([], 'the configuration: the configuration is not an object.');
  finds({ clusters: [] }, 'clusters: clusters is not an object.');
  finds({ cluster: {} }, 'cluster: cluster is not known.');
  finds({ clusters: { big: { hots: 'x' } } }, 'clusters.big.hots: clusters.big.hots is not known.');
  finds({ clusters: { big: { kind: 'sandbox' } } }, 'clusters.big.kind: clusters.big.kind is "sandbox".');
  finds(
    { clusters: { big: { host: '-oProxyCommand=x' } } },
    'clusters.big.host: clusters.big.host is "-oProxyCommand=x".',
  );
  finds(
    { clusters: { big: { rootDirectory: 'runs' } } },
    'clusters.big.rootDirectory: clusters.big.rootDirectory is "runs".',
  );
  finds(
    { clusters: { big: { settleSeconds: '5' } } },
    'clusters.big.settleSeconds: clusters.big.settleSeconds is "5".',
  );
  finds({ clusters: { sandbox: {} } }, 'clusters.sandbox: A cluster cannot be called "sandbox".');
  finds({ clusters: { 'a b': {} } }, 'clusters.a b: A cluster cannot be called "a b".');
  finds({ ssh: { configFile: 5 } }, 'ssh.configFile: ssh.configFile is 5.');

  finds({ mail: {}, slack: {} });
  finds({
    mail: {
      via: 'smtp',
      host: 'smtp.example.org',
      port: 465,
      user: 'me',
      from: 'me@example.org',
      to: 'a@b, c',
    },
    slack: { hosts: ['chat.example.org'], webhookFile: '~/.slack' },
  });
  finds({ mail: { password: 'x' } }, 'mail.password: mail.password is not known.');
  finds({ mail: { via: 'pigeon' } }, 'mail.via: mail.via is "pigeon".');
  finds({ mail: { from: 'me' } }, 'mail.from: mail.from is "me".');
  finds({ mail: { to: '-oQ/tmp' } }, 'mail.to: mail.to is "-oQ/tmp".');
  finds({ mail: { host: 'a b' } }, 'mail.host: mail.host is "a b".');
  finds({ mail: { port: 70_000 } }, 'mail.port: mail.port is 70000.');
  finds({ mail: { passwordFile: 'secret' } }, 'mail.passwordFile: mail.passwordFile is "secret".');
  finds({ slack: { hosts: ['https://x/'] } }, 'slack.hosts: slack.hosts is ["https://x/"].');

  it('are the same if they come from a client, or were kept of one', () => {
    const { value } = parseAccessSettings({
      mail: { via: 'smtp', host: 'smtp.example.org' },
      slack: { hosts: ['chat.example.org'] },
    });
    assert.deepEqual(checkAccessSettings(JSON.parse(JSON.stringify(value))), { value, problems: [] });
    assert.deepEqual(value.slack, { hosts: ['chat.example.org'], webhookFile: null });
  });

  it('keeps what is right beside what is wrong', () => {
    const { value } = parseAccessSettings({ clusters: { big: { ...big, kind: 'slow' }, '': {} } });
    assert.deepEqual(value, { clusters: { big }, sshConfigFile: null });
  });
});

describe('the list of allowed commands', () => {
  it('is no opinion if it is not written, and allows nothing if it is wrong', () => {
    assert.equal(parseAccessSettings({}).value.allowedCommands, undefined);
    assert.equal(parseAccessSettings({ allowedCommands: null }).value.allowedCommands, undefined);
    assert.deepEqual(parseAccessSettings({ allowedCommands: ['make'] }).value.allowedCommands, ['make']);
    assert.deepEqual(parseAccessSettings({ allowedCommands: [] }).value.allowedCommands, []);
    assert.deepEqual(parseAccessSettings({ allowedCommands: [''] }).value.allowedCommands, []);
  });
});

describe('config.json', () => {
  const home = useTemporaryHome();
  const read = (text: string): ReturnType<typeof readConfigFile> => {
    writeFileSync(join(home(), 'config.json'), text);
    return readConfigFile(home());
  };
  const refuses = (text: string, message: RegExp) => () =>
    assert.rejects(
      read(text),
      (error) => error instanceof WatchError && error.code === 'bad-request' && message.test(error.message),
    );

  it('may be missing', async () => {
    assert.deepEqual(await readConfigFile(home()), { clusters: {}, sshConfigFile: null });
  });
  it('is read', async () => {
    const text = JSON.stringify({ clusters: { big }, ssh: { configFile: '/etc/ssh/work' } });
    assert.deepEqual(await read(text), { clusters: { big }, sshConfigFile: '/etc/ssh/work' });
  });
  it('is refused where it is not JSON', refuses('{', /config\.json is not JSON: /));
  it(
    'is refused with the key that is wrong',
    refuses('{"ssh": {"config": 1}}', /config\.json: ssh\.config is not known/),
  );
});

describe('the environment of a client', () => {
  it('is what ssh needs of it, and nothing else', () => {
    const env = { SSH_AUTH_SOCK: '/agent', SECRET: 'x', KRB5CCNAME: '', PATH: '/bin' };
    assert.deepEqual(pickEnvironment(env), { SSH_AUTH_SOCK: '/agent' });
  });
});
