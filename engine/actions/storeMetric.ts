// store_metric: a number under a name; a value that is not a number is told, and fails nobody.
import { parseNumber } from '../printedNumber';
import { textOf, type LocalAction } from './action';

/** A whole line of output may stand where a number is expected; the parameter of the event has all of it. */
const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

export const storeMetric: LocalAction = (params) => {
  const name = textOf(params, 'name') ?? '';
  const text = textOf(params, 'value') ?? '';
  if (name === '') return { success: false, result: 'store_metric needs a name.' };
  const value = parseNumber(text);
  if (value === undefined)
    return {
      success: false,
      isUnusable: true,
      result: `"${shorten(text)}" is not a number; the metric "${name}" was not stored.`,
    };
  const unit = textOf(params, 'unit') ?? null;
  return {
    success: true,
    result: `${name} = ${shorten(text.trim())}${unit === null ? '' : ` ${unit}`}`,
    metric: { name, value, unit },
  };
};
