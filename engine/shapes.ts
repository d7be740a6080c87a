// What values of other programs and of settings must be: valibot's schemas, each with its words for people.
import * as v from 'valibot';

export type Shape<Value> = v.GenericSchema<unknown, Value>;
/** Of each member of an object; one that may be left out has a shape that says so. */
export type Fields<Value> = { readonly [Name in keyof Required<Value>]: Shape<Value[Name]> };

/** Gives a schema its words: `whole` is said as "a whole number, 0 or more". */
export const said = <Value>(schema: Shape<Value>, words: string): Shape<Value> =>
  v.pipe(schema, v.description(words));

const wordsOf = (shape: Shape<unknown>): string => v.getDescription(shape) ?? 'right';

/** What a value must be, in words; undefined if it is. */
export const findWanted = (shape: Shape<unknown>, value: unknown): string | undefined =>
  v.is(shape, value) ? undefined : wordsOf(shape);

export const fits = <Value>(shape: Shape<Value>, value: unknown): value is Value => v.is(shape, value);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text = said(v.string(), 'a text');
export const number = said(v.number(), 'a number');
export const whole = said(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 'a whole number, 0 or more');
export const positive = said(v.pipe(v.number(), v.gtValue(0)), 'a number above 0');
export const truth = said(v.boolean(), 'true or false');
export const texts = said(v.array(v.string()), 'an array of texts');
export const record = said(v.custom<Readonly<Record<string, unknown>>>(isRecord), 'an object');
/** Others look at what is in it. */
export const recordFor = <Value extends object>(): Shape<Value> =>
  said(v.custom<Value>(isRecord), 'an object');
export const recordsFor = <Value extends object>(): Shape<readonly Value[]> =>
  said(v.array(v.custom<Value>(isRecord)), 'an array of objects');
/** Whether it is an object with these members; it may have others. */
export const fitsFields = <Value extends object>(fields: Fields<Value>, value: unknown): value is Value =>
  isRecord(value) &&
  Object.entries<Shape<unknown>>(fields).every(([name, shape]) => v.is(shape, value[name]));

/** Each object with these members. */
export const listOf = <Value extends object>(fields: Fields<Value>): Shape<readonly Value[]> =>
  said(
    v.custom<readonly Value[]>(
      (value) => Array.isArray(value) && value.every((item: unknown) => fitsFields(fields, item)),
    ),
    'an array of objects as they must be',
  );
export const recordOfTexts = said(v.pipe(record, v.record(v.string(), v.string())), 'an object of texts');

export const orNull = <Value>(shape: Shape<Value>): Shape<Value | null> =>
  said(v.nullable(shape), `${wordsOf(shape)} or null`);
/** May be left out. */
export const optional = <Value>(shape: Shape<Value>): Shape<Value | undefined> =>
  said(v.optional(shape), wordsOf(shape));
export const oneOf = <const Word extends string>(...words: readonly Word[]): Shape<Word> =>
  said(v.picklist(words), `one of ${words.join(', ')}`);
