// What values of other programs must be, in words for people: small shapes that are put together.

/** Says what a value must be; undefined if it is. */
export type Shape = (value: unknown) => string | undefined;
export type Fields = Readonly<Record<string, Shape>>;

const isText = (value: unknown): value is string => typeof value === 'string';

export const text: Shape = (value) => (isText(value) ? undefined : 'a text');
export const number: Shape = (value) => (typeof value === 'number' ? undefined : 'a number');
export const whole: Shape = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : 'a whole number from 0 on';
export const positive: Shape = (value) =>
  typeof value === 'number' && value > 0 ? undefined : 'a number above 0';
export const truth: Shape = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
export const texts: Shape = (value) =>
  Array.isArray(value) && value.every(isText) ? undefined : 'an array of texts';
export const record: Shape = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object';
export const records: Shape = (value) =>
  Array.isArray(value) && value.every((item) => record(item) === undefined)
    ? undefined
    : 'an array of objects';
export const recordOfTexts: Shape = (value) =>
  record(value) ?? (Object.values(value as object).every(isText) ? undefined : 'an object of texts');

export const orNull =
  (shape: Shape): Shape =>
  (value) => {
    const wanted = value === null ? undefined : shape(value);
    return wanted === undefined ? undefined : `${wanted} or null`;
  };
/** May be left out. */
export const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined ? undefined : shape(value);
export const oneOf =
  (...words: readonly string[]): Shape =>
  (value) =>
    isText(value) && words.includes(value) ? undefined : `one of ${words.join(', ')}`;
