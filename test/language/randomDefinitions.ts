// Random definitions, as directives can say them and as the JSON form can.
import fc from 'fast-check';
import { actionTable, actionTypes, type ParamRow } from '../../language/actionTable';
import type { ActionDefinition, Definition } from '../../language/definition';
import type { Json } from '../../language/json/value';
import { jobStateTable, type JobEndState } from '../../language/jobStates';
import { definitionFields, rowOf, type FieldRow, type FieldType } from '../../language/schema';

const word = fc.constantFrom(
  'loss',
  'a',
  'step_2',
  'if',
  'name=b',
  '# c',
  '"',
  "'",
  '\\',
  '\\"',
  "\\'",
  '$1',
  '${x:-y}',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '=',
  '#',
  ' ',
  '  ',
  'é😀',
  'pattern=',
  ' - ',
  '%',
  'true',
  '\t',
);

/** Texts of what the language finds hard; without line ends and outer blanks. */
export const awkwardText = fc
  .array(fc.oneof(word, fc.string({ maxLength: 3, unit: 'grapheme-ascii' })), { minLength: 1, maxLength: 8 })
  .map((words) => words.join('').replace(/[\r\n]/g, ''))
  .filter((text) => text.trim() !== '');

const patterns = [
  'ERROR',
  'loss: ([\\d.]+)',
  '(?P<loss>[\\d.]+) at (?P<step>\\d+)',
  '(a)(?P<b>c)',
  '"quoted" \'too\'',
  "it's",
  'a #b',
  ' lead',
  'trail ',
  '\\\\',
  'x\\"',
  '\\[(\\w+)\\] # (.*)x',
  '#WATCHER',
  'pattern=',
  'a{2,3}',
  '😀(.)x',
];
const conditions = [
  'float(loss) > 5',
  "'a' in loss",
  '"a" == \'b\'',
  "'text'",
  'loss == " # no comment"',
  'loss == " name=x"',
  'not (1 < 2) if trigger_count else True',
  "len('if x') > 1",
];
const names = fc.uniqueArray(fc.constantFrom('loss', 'step', 'b', 'x_1'), { minLength: 1, maxLength: 3 });
const duration = fc.oneof(
  fc.constantFrom(1, 30, 60, 90, 3600, 5400, 604800),
  fc.integer({ min: 1, max: 604800 }),
  fc.constantFrom(1.5, 0.1 * 12),
);
const endStates = Object.values(jobStateTable).flatMap(({ end }): JobEndState[] => (end ? [end] : []));

function paramValue(row: ParamRow): fc.Arbitrary<Json> {
  switch (row.type) {
    case 'text':
    case 'command':
      return awkwardText;
    case 'choice':
      return fc.constantFrom(...(row.choices ?? []));
    case 'boolean':
      return fc.boolean();
    case 'duration':
      return duration;
    case 'object':
      return fc.dictionary(fc.constantFrom('mem', 'time', 'job-name'), fc.oneof(awkwardText, fc.integer()), {
        noNullPrototype: true,
      });
  }
}

const action: fc.Arbitrary<ActionDefinition> = fc.constantFrom(...actionTypes).chain((type) => {
  const rows: readonly ParamRow[] = actionTable[type].params;
  const params = fc.record(Object.fromEntries(rows.map((row) => [row.name, paramValue(row)])), {
    requiredKeys: rows.flatMap((row) => (row.required ? [row.name] : [])),
    noNullPrototype: true,
  });
  const condition = fc.option(fc.constantFrom(...conditions), { freq: 2 });
  return fc.record({ type: fc.constant(type), params, condition }, { noNullPrototype: true });
});

/** A duration or count between the bounds of its field. */
function within(values: fc.Arbitrary<number>, [least, most] = [0, Infinity]): fc.Arbitrary<number> {
  return values.map((value) => Math.min(most, Math.max(least, value)));
}

/** What a field of this type may hold; its default often. */
function fieldValue(row: FieldRow): fc.Arbitrary<Definition[keyof Definition]> {
  const usual = fc.constant(row.default);
  const bounds = row.bounds ? ([...row.bounds] as [number, number]) : undefined;
  const byType: Readonly<Record<FieldType, fc.Arbitrary<Definition[keyof Definition]>>> = {
    text: fc.oneof(
      fc.constant('watcher 1'),
      awkwardText.map((text) => text.trim()),
    ),
    pattern: fc.option(fc.constantFrom(...patterns), { freq: 8 }),
    condition: fc.option(fc.constantFrom(...conditions)),
    names,
    duration: fc.oneof(usual, within(duration, bounds)),
    output: fc.constantFrom('stdout' as const, 'stderr' as const, 'both' as const),
    count: fc.oneof(usual, within(fc.integer({ min: 0, max: 1000 }), bounds)),
    boolean: fc.boolean(),
    states: fc.uniqueArray(fc.constantFrom(...endStates), { minLength: 1 }),
    actions: fc.array(action, { maxLength: 3 }),
  };
  return byType[row.type];
}

/** Every field of the table. */
export const randomDefinition: fc.Arbitrary<Definition> = fc
  .record(
    Object.fromEntries(definitionFields.map((field) => [rowOf(field).property, fieldValue(rowOf(field))])),
  )
  .map((fields) => fields as unknown as Definition)
  .map((definition) => ({
    ...definition,
    triggerOnJobEnd: definition.triggerOnJobEnd || definition.pattern === null,
  }));
