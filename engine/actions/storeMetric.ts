// store_metric: a number under a name; what is no number is a failed action that says so.
import { parseFloatText } from '../../language/condition/numberText';
import { textOf, type LocalAction } from './action';

export const storeMetric: LocalAction = {
  kind: 'local',
  apply: (params) => {
    const name = textOf(params, 'name') ?? '';
    const text = textOf(params, 'value') ?? '';
    if (name === '') return { success: false, result: 'store_metric needs a name.' };
    const value = parseFloatText(text);
    if (value === undefined)
      return { success: false, result: `"${text}" is no number; the metric "${name}" was not stored.` };
    const unit = textOf(params, 'unit') ?? null;
    return {
      success: true,
      result: `${name} = ${text.trim()}${unit === null ? '' : ` ${unit}`}`,
      metric: { name, value, unit },
    };
  },
};
