// What crosses between pages and the extension is checked: whatever has another shape is not a message.
import assert from 'node:assert/strict';
import { text, whole } from '../../engine/shapes';
import { fitsAsk, readFromPage, readToPage, type AskTable } from '../../webviews/protocol';

interface Sample {
  readonly context: object;
  readonly state: object;
  readonly asks: { read: [{ readonly path: string; readonly from: number }, string] };
  readonly news: object;
}

const table: AskTable<Sample> = { read: { path: text, from: whole } };

describe('messages of pages', () => {
  for (const message of [
    { kind: 'ask', id: 1, name: 'read', params: { path: 'x' } },
    { kind: 'failed', message: 'no', stack: '' },
    { kind: 'reload' },
  ])
    it(`reads ${JSON.stringify(message)}`, () => {
      assert.deepEqual(readFromPage(message), message);
    });

  for (const message of [
    undefined,
    null,
    7,
    'reload',
    [],
    {},
    { kind: 'constructor' },
    { kind: 'ask', name: 'read' },
    { kind: 'ask', id: 1.5, name: 'read' },
    { kind: 'ask', id: 1, name: 2 },
    { kind: 'failed', message: 1, stack: '' },
    { kind: 'failed', message: '' },
    { kind: 'answer', id: 1, answer: 1 },
  ])
    it(`does not take ${JSON.stringify(message)} from a page`, () => {
      assert.equal(readFromPage(message), undefined);
    });

  for (const message of [
    { kind: 'answer', id: 1, answer: { any: 'thing' } },
    { kind: 'refusal', id: 2, message: 'no', remedy: 'wait' },
    { kind: 'news', name: 'grown', value: 7 },
  ])
    it(`reads ${JSON.stringify(message)} in a page`, () => {
      assert.deepEqual(readToPage(message), message);
    });

  for (const message of [
    null,
    [],
    { kind: 'ask', id: 1, name: 'read', params: {} },
    { kind: 'answer', answer: 1 },
    { kind: 'refusal', id: 1, message: 'no' },
    { kind: 'news', value: 1 },
  ])
    it(`does not take ${JSON.stringify(message)} in a page`, () => {
      assert.equal(readToPage(message), undefined);
    });
});

describe('questions of pages', () => {
  const cases: readonly (readonly [boolean, string, unknown])[] = [
    [true, 'read', { path: '/x', from: 0 }],
    [false, 'read', { path: '/x' }],
    [false, 'read', { path: '/x', from: -1 }],
    [false, 'read', { path: '/x', from: 0, more: 1 }],
    [false, 'read', null],
    [false, 'write', { path: '/x', from: 0 }],
    [false, 'constructor', {}],
    [false, 'toString', {}],
  ];
  for (const [expected, name, params] of cases)
    it(`${expected ? 'takes' : 'refuses'} ${name} ${JSON.stringify(params)}`, () => {
      assert.equal(fitsAsk<Sample>(table, name, params), expected);
    });
});
