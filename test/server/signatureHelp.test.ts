// The call at the cursor, `<|>`: its label, and the parameter that is written.
import assert from 'node:assert/strict';
import { findSignature } from '../../server/features/signatureHelp';
import { openFixture } from './fixture';

function signature(marked: string): [string, string | undefined] | undefined {
  const { document, position } = openFixture(marked);
  const help = findSignature(document, position);
  const [found] = help?.signatures ?? [];
  if (!help || !found) return undefined;
  const [start, end] = (found.parameters?.[help.activeParameter ?? 0]?.label ?? [0, 0]) as [number, number];
  return [found.label, found.label.slice(start, end)];
}

const log = 'log_event([message], [level])';

describe('signature help', () => {
  const cases: readonly [string, string, string][] = [
    ['#WATCHER action=log_event(<|>', log, '[message]'],
    ['#WATCHER action=log(message="a, b", <|>', log, '[level]'],
    ['#WATCHER action=log_event(level=warn<|>', log, '[level]'],
    ['#WATCHER action=log_event(message="a (b, <|>', log, '[message]'],
    [
      '#WATCHER_BEGIN\n# actions:\n#  - store_metric(loss, <|>',
      'store_metric(name, [value], [unit])',
      '[value]',
    ],
    [
      '#WATCHER action=resubmit(modifications={"mem": "1G", <|>',
      'resubmit([modifications], [cancel_previous], [delay])',
      '[modifications]',
    ],
    ['#WATCHER condition="round(float(x), <|>', 'round(number, [digits])', '[digits]'],
    ['#WATCHER condition="float(<|>', 'float(value)', 'value'],
    ['#WATCHER_BEGIN\n# condition: max(1, 2, 3, <|>', 'max(first, […])', '[…]'],
    ['#WATCHER condition=\'x.replace("a", <|>', 'replace(old, new, [count])', 'new'],
    ['#WATCHER action=cancel_job() if len(<|>', 'len(value)', 'value'],
  ];
  for (const [marked, label, active] of cases)
    it(marked.replaceAll('\n', ' ⏎ '), () => {
      assert.deepEqual(signature(marked), [label, active]);
    });
  for (const quiet of [
    '#WATCHER action=log_event(a)<|>',
    '#WATCHER pattern="(<|>',
    'echo $(float(<|>',
    '#WATCHER action=nothing(<|>',
  ])
    it(`is quiet at ${quiet}`, () => {
      assert.equal(signature(quiet), undefined);
    });
});
