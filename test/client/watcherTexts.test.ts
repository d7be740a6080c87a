// Copied watchers can be pasted: what is written reads back as what was copied.
import assert from 'node:assert/strict';
import { toDirectives, toWatcherFile } from '../../client/watcherTexts';
import { parseScript } from '../../language/script';
import { parseWatcherFile } from '../../language/watcherFile';

const script = `#WATCHER name=loss pattern="loss=([\\d.]+)" captures=[loss] action=log_event(message="low $loss")
#WATCHER_BEGIN
# name: end
# pattern: "done"
# trigger_on_job_end: true
# actions:
#   - cancel_job(reason="over")
#   - store_metric(name=x, value=1)
#WATCHER_END
`;
const definitions = parseScript(script).watchers.map(({ definition }) => definition);
const watchers = definitions.map((definition) => ({ definition }));

describe('watchers as text', () => {
  it('are directives of a script', () => {
    const text = toDirectives(watchers) ?? '';
    assert.deepEqual(
      parseScript(text).watchers.map(({ definition }) => definition),
      definitions,
    );
  });
  it('are a watcher file, without the lines where they stood', () => {
    const text = toWatcherFile(watchers);
    assert.deepEqual(
      parseWatcherFile(text).watchers.map(({ definition }) => definition),
      definitions,
    );
    assert.doesNotMatch(text, /line/);
  });
  it('are no directives where the language has no words for one of them', () => {
    const [first] = definitions;
    assert.ok(first);
    const odd = {
      ...first,
      actions: [{ type: 'log_event', params: { message: 'a\nb' }, condition: null }],
    } as const;
    assert.equal(toDirectives([...watchers, { definition: odd }]), undefined);
  });
});
