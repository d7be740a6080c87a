// Webhooks in scripts and definitions: taken out in their places, in every way of writing them, and nothing else.
import assert from 'node:assert/strict';
import { maskDefinitions, maskScript } from '../../language/maskedScript';
import { parseScript } from '../../language/script';
import { toLogEntry } from '../../language/show/log';
import { maskAll, maskSecrets, maskWebhook } from '../../language/show/webhook';

const webhook = 'https://hooks.slack.com/services/T0/B0/abcdef';
const mask = maskWebhook(webhook);

describe('masked webhooks', () => {
  it('say where they post, and are told apart', () => {
    assert.match(mask, /^https:\/\/hooks\.slack\.com\/services\/…[0-9a-f]{12}$/);
    assert.equal(maskWebhook(mask), mask);
    assert.notEqual(maskWebhook(`${webhook}g`), mask);
    assert.match(
      maskWebhook('https://chat.example.org:8443/hooks/secret'),
      /^https:\/\/chat\.example\.org:8443\/…\w{12}$/,
    );
    assert.match(maskWebhook('secret'), /^…\w{12}$/);
    assert.equal(maskWebhook(''), '');
  });

  it('stand in any text for those of Slack', () => {
    assert.equal(maskSecrets(`a ${webhook} b "${webhook}"`), `a ${mask} b "${mask}"`);
    assert.equal(toLogEntry(`said ${webhook}\n`), `said ${mask}`);
    assert.equal(maskSecrets('https://hooks.slack.com/about'), 'https://hooks.slack.com/about');
    const bare = webhook.replace('https://', '');
    assert.equal(maskSecrets(`curl -d x ${bare}`), `curl -d x ${mask.replace('https://', '')}`);
    assert.equal(maskSecrets(`curl ${webhook.toUpperCase()}`).includes('ABCDEF'), false);
    assert.equal(maskSecrets(maskSecrets(webhook)), mask);
  });

  it('take passwords out of addresses', () => {
    assert.equal(maskSecrets('curl https://me:secret@host/a'), 'curl https://me:…@host/a');
    assert.equal(maskSecrets('curl "ftp://me:s:e%20c@host"'), 'curl "ftp://me:…@host"');
    for (const text of ['https://host:8080/a', 'https://me@host/a', 'rsync me:a/ b', 'https://a/b:c@d'])
      assert.equal(maskSecrets(text), text);
  });

  it('are taken out of all texts of a value', () => {
    assert.deepEqual(maskAll({ a: webhook, b: [1, { c: `x ${webhook}` }], d: null }), {
      ...{ a: mask, b: [1, { c: `x ${mask}` }], d: null },
    });
  });

  const forms = [
    `#WATCHER pattern="a" action=notify_slack(message="m", webhook="${webhook}")`,
    `#WATCHER pattern="a" action=notify_slack(message="m", webhook_url='${webhook}')`,
    `#WATCHER pattern="a" action=notify_slack(message=m, webhook=${webhook})`,
    `#WATCHER pattern="a" actions=[notify_slack(m, webhook="${webhook}"), log_event(message="x")]`,
    `#WATCHER_BEGIN\n# pattern: "a"\n# actions:\n#   - notify_slack(message="m", webhook="${webhook}")\n#WATCHER_END`,
    `#WATCHER_BEGIN\n# pattern: "a"\n# actions:\n#   - type: notify_slack\n#     params:\n#       message: m\n#       webhook: ${webhook}\n#WATCHER_END`,
  ];
  for (const form of forms)
    it(`are taken out of ${JSON.stringify(form)}`, () => {
      const text = `#!/bin/bash\n${form}\ncurl -d x ${webhook}\n`;
      const masked = maskScript(text, parseScript(text));
      assert.equal(masked.text, text.replace(webhook, mask));
      assert.deepEqual(masked.secrets, [webhook]);
      const [watcher] = parseScript(masked.text).watchers;
      assert.equal(watcher?.definition.actions[0]?.params['webhook'], mask);
    });

  it('are taken out of definitions, and no other parameter is', () => {
    const text = `#WATCHER pattern="a" actions=[notify_slack(webhook="${webhook}"), run_command(command="curl ${webhook}")]`;
    const { definitions, secrets } = maskDefinitions(
      parseScript(text).watchers.map(({ definition }) => definition),
    );
    assert.deepEqual(secrets, [webhook]);
    assert.deepEqual(
      definitions[0]?.actions.map(({ params }) => params),
      [{ webhook: mask }, { command: `curl ${webhook}` }],
    );
  });
});
