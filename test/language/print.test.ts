// Definitions printed as directives read back as the same definitions, in the shortest form.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Definition } from '../../language/definition';
import { printDefinition } from '../../language/print';
import { defaultDefinition } from '../../language/schema';
import { printDuration } from '../../language/values';
import { parseScript } from '../../language/script';
import { randomDefinition } from './randomDefinitions';

const only = (text: string): Definition | undefined => {
  const { watchers } = parseScript(text);
  return watchers.length === 1 ? watchers[0]?.definition : undefined;
};

describe('printed definitions', () => {
  const cases: readonly (readonly [directive: string, printed: string])[] = [
    ['#WATCHER pattern = "a"', '#WATCHER pattern="a"'],
    ['#WATCHER pattern=a interval=30 max_failures=5 action=log', '#WATCHER pattern="a"'],
    [
      '#WATCHER name="two words" pattern=a interval_seconds=300',
      '#WATCHER name="two words" pattern="a" interval=5m',
    ],
    ['#WATCHER pattern="(a)" capture_groups=[x]', '#WATCHER pattern="(a)" captures=[x]'],
    ['#WATCHER pattern="(?P<x>a)" captures=[x]', '#WATCHER pattern="(?P<x>a)"'],
    ['#WATCHER pattern=\'say "a"\'', '#WATCHER pattern=\'say "a"\''],
    [
      '#WATCHER pattern="a" action=cancel("too high")',
      '#WATCHER pattern="a" action=cancel_job(reason="too high")',
    ],
    ['#WATCHER pattern="a" action=nonsense', '#WATCHER pattern="a" actions=[]'],
    ['#WATCHER pattern="a" action=log if 1 < 2', '#WATCHER pattern="a" action=log_event if 1 < 2'],
    [
      '#WATCHER pattern="a" action=resubmit(modifications={"mem": "64G"}) remaining_resubmits=0',
      '#WATCHER pattern="a" remaining_resubmits=0 action=resubmit(modifications={"mem":"64G"})',
    ],
    [
      '#WATCHER pattern="a" action=log_event action=cancel_job',
      '#WATCHER_BEGIN\n# pattern: "a"\n# actions:\n#   - log_event\n#   - cancel_job\n#WATCHER_END',
    ],
    [
      '#WATCHER trigger_on_job_end=yes trigger_job_states=OOM',
      '#WATCHER trigger_on_job_end=true trigger_job_states=[out_of_memory]',
    ],
  ];
  for (const [directive, printed] of cases) {
    it(directive, () => {
      const definition = only(directive);
      assert.ok(definition);
      assert.equal(printDefinition(definition), printed);
    });
  }

  it('have bare values where no quotes can hold them', () => {
    for (const line of ['# name: a\\', `# pattern: a\\"b\\'c`]) {
      const definition = only(`#WATCHER_BEGIN\n# pattern: x\n${line}\n#WATCHER_END`);
      assert.ok(definition);
      assert.ok(printDefinition(definition), line);
    }
  });

  it('are a block where they are longer than a line of 100', () => {
    const print = (length: number): string =>
      printDefinition({ ...defaultDefinition, name: 'watcher 1', pattern: 'x'.repeat(length) }) ?? '';
    assert.equal(print(81).length, 100);
    assert.match(print(82), /^#WATCHER_BEGIN\n/);
  });

  it('have durations in the unit that is short', () => {
    assert.deepEqual([0, 1.5, 30, 60, 90, 3600, 5400, 86400, 604800].map(printDuration), [
      '0',
      '1.5',
      '30',
      '1m',
      '90',
      '1h',
      '90m',
      '1d',
      '7d',
    ]);
  });

  it('are not there where a directive has no words for them', () => {
    assert.equal(printDefinition({ ...defaultDefinition, name: 'a\nb', pattern: 'x' }), undefined);
  });

  it('keep the places of groups that have no name', () => {
    assert.equal(
      printDefinition({ ...defaultDefinition, name: 'a', pattern: '(x)(y)(z)', captures: [null, 'b', null] }),
      '#WATCHER name=a pattern="(x)(y)(z)" captures=["", b, ""]',
    );
  });

  it('read back as the same, whatever they hold', () => {
    const runs = Number(process.env['CASES'] ?? 250);
    let [tried, printed] = [0, 0];
    fc.assert(
      fc.property(randomDefinition, (definition) => {
        tried += 1;
        const text = printDefinition(definition);
        if (text === undefined) return;
        printed += 1;
        assert.deepEqual(only(text), definition);
      }),
      { numRuns: runs, seed: Number(process.env['SEED'] ?? 7) },
    );
    assert.ok(printed > tried * 0.9, `only ${printed} of ${tried} were printed`);
  });

  it('are there for whatever a directive says', () => {
    fc.assert(
      fc.property(randomDefinition, (definition) => {
        const text = printDefinition(definition);
        if (text === undefined) return;
        const again = printDefinition(only(text) ?? defaultDefinition);
        assert.equal(again, text);
      }),
      { numRuns: Number(process.env['CASES'] ?? 150), seed: Number(process.env['SEED'] ?? 8) },
    );
  });
});
