// The schema of watcher files is what the tables say (UPDATE=1 writes it), and takes what the parser prints.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import { toDefinitionJson, type DefinitionJson } from '../../language/json/definitionJson';
import { parseScript } from '../../language/script';
import { toWatcherSchema } from '../../language/watcherSchema';
import { parseWatcherFile } from '../../language/watcherFile';
import { randomDefinition } from './randomDefinitions';

type Validate = ((data: unknown) => boolean) & { readonly errors?: unknown };

/** The validator that ESLint brings along. */
const Ajv = createRequire(require.resolve('eslint'))('ajv') as new (options: object) => {
  compile(schema: object): Validate;
};

const path = join(__dirname, '../../schemas/watchers.schema.json');
if (process.env['UPDATE']) writeFileSync(path, `${JSON.stringify(toWatcherSchema(), null, 2)}\n`);

describe('the schema of watcher files', () => {
  const validate = new Ajv({ allErrors: true, unknownFormats: 'ignore' }).compile(toWatcherSchema());
  const check = (data: unknown): boolean => validate(JSON.parse(JSON.stringify(data)));

  it('is the one that ships', () => {
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), toWatcherSchema());
  });

  it('takes what the parser prints', () => {
    const lines = { line: 1, endLine: 1 };
    fc.assert(
      fc.property(randomDefinition, (definition) => {
        const json = toDefinitionJson(definition, lines);
        assert.ok(check([json]), JSON.stringify(validate.errors));
        assert.ok(check({ watchers: [json] }));
      }),
      { numRuns: 300, seed: 3 },
    );
    const { watchers } = parseScript('#WATCHER pattern="(a)(?P<b>c)"');
    const printed: readonly DefinitionJson[] = watchers.map((watcher) =>
      toDefinitionJson(watcher.definition, watcher),
    );
    assert.ok(check(printed));
  });

  const good: readonly unknown[] = [
    [],
    [{ pattern: 'a' }],
    [{ trigger_on_job_end: true }],
    [{ pattern: 'a', interval: '5m', captures: [null, 'b'] }],
    [{ pattern: 'a', actions: [{ type: 'log', config: { message: 'x', level: 'error' }, condition: null }] }],
    [
      {
        pattern: 'a',
        actions: [{ type: 'resubmit', params: { modifications: { mem: '64G' }, delay: '5m' } }],
      },
    ],
  ];
  for (const data of good) {
    it(`takes ${JSON.stringify(data)}`, () => {
      assert.ok(check(data), JSON.stringify(validate.errors));
      const { problems } = parseWatcherFile(JSON.stringify(data));
      assert.deepEqual(
        problems.filter(({ severity }) => severity === 'error'),
        [],
      );
    });
  }

  const bad: readonly unknown[] = [
    1,
    {},
    [{}],
    [{ trigger_on_job_end: false }],
    [{ pattern: 5 }],
    [{ pattern: 'a', patern: 'b' }],
    [{ pattern: 'a', interval_seconds: 0 }],
    [{ pattern: 'a', max_triggers: 0 }],
    [{ pattern: 'a', captures: ['1x'] }],
    [{ pattern: 'a', output_type: 'all' }],
    [{ pattern: 'a', trigger_job_states: ['exploded'] }],
    [{ pattern: 'a', actions: [{ type: 'nonsense' }] }],
    [{ pattern: 'a', actions: [{ params: {} }] }],
    [{ pattern: 'a', actions: [{ type: 'log', params: { mesage: 'x' } }] }],
    [{ pattern: 'a', actions: [{ type: 'log', params: { level: 'loud' } }] }],
  ];
  for (const data of bad) {
    it(`refuses ${JSON.stringify(data)}`, () => {
      assert.ok(!check(data));
      if (typeof data === 'object') assert.ok(parseWatcherFile(JSON.stringify(data)).problems.length > 0);
    });
  }
});
