// What values of other programs must be, and the words that say it.
import assert from 'node:assert/strict';
import {
  findWanted,
  listOf,
  oneOf,
  optional,
  orNull,
  positive,
  record,
  recordOfTexts,
  recordsFor,
  text,
  texts,
  whole,
  type Shape,
} from '../../engine/shapes';

describe('shapes', () => {
  const check = (
    shape: Shape<unknown>,
    words: string,
    { right, wrong }: { readonly right: readonly unknown[]; readonly wrong: readonly unknown[] },
  ): void => {
    it(`say "${words}"`, () => {
      for (const value of right) assert.equal(findWanted(shape, value), undefined, JSON.stringify(value));
      for (const value of wrong) assert.equal(findWanted(shape, value), words, JSON.stringify(value));
    });
  };
  check(text, 'a text', { right: ['', 'a'], wrong: [undefined, null, 1, []] });
  check(whole, 'a whole number, 0 or more', { right: [0, 7], wrong: [-1, 0.5, 2 ** 60, '1', undefined] });
  check(positive, 'a number above 0', { right: [0.1], wrong: [0, -1, NaN, '1'] });
  check(texts, 'an array of texts', { right: [[], ['a']], wrong: ['a', ['a', 1], {}] });
  check(record, 'an object', { right: [{}, { a: 1 }], wrong: [[], null, 'a', undefined] });
  check(recordOfTexts, 'an object of texts', { right: [{}, { a: '1' }], wrong: [[], { a: 1 }, null] });
  check(recordsFor(), 'an array of objects', { right: [[], [{}]], wrong: [{}, [[]], [null]] });
  check(listOf({ a: whole, b: optional(text) }), 'an array of objects as they must be', {
    right: [[], [{ a: 1 }, { a: 2, b: 'x', c: null }]],
    wrong: [{}, [1], [{ b: 'x' }], [{ a: 1, b: 2 }]],
  });
  check(oneOf('skip', 'match'), 'one of skip, match', { right: ['skip'], wrong: ['Skip', undefined] });
  check(orNull(whole), 'a whole number, 0 or more or null', { right: [null, 1], wrong: [-1, undefined] });
  check(optional(whole), 'a whole number, 0 or more', { right: [undefined, 1], wrong: [null, -1] });
});
