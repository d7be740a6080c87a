// Conditions to choose from: those of the example, else what the first values of the sample suggest.
import type { SuggestedCondition } from '../../../language/example/suggestWatcher';
import { toNames, type BuilderState } from '../state';

/** More would be a list to read instead of a shortcut. */
const mostSuggestions = 4;

/** None if a condition is written that says something else; it stays possible to choose another. */
export function suggestConditions(state: BuilderState): readonly SuggestedCondition[] {
  const { example, findings, form } = state;
  const condition = form.fields.condition ?? '';
  const names = toNames(state);
  const known = example?.conditions.filter(({ condition: own }) => names.some((name) => own.includes(name)));
  const suggested = known?.length ? known : fromValues(names, findings.rows[0]?.values ?? []);
  return suggested.filter((one) => one.condition !== condition).slice(0, mostSuggestions);
}

function fromValues(
  names: readonly string[],
  values: readonly (string | null)[],
): readonly SuggestedCondition[] {
  return names.flatMap((name, index) => {
    const value = values[index + 1] ?? '';
    if (name === '' || value === '' || value.length > 40) return [];
    return isNumber(value) ? aboutNumber(name, value) : aboutText(name, value);
  });
}

const isNumber = (text: string): boolean =>
  /^[-+]?(?:nan|inf)$/i.test(text) ||
  (text.trim() !== '' && Number.isFinite(Number(text)) && !/^[-+]?0x/i.test(text));
function aboutNumber(name: string, value: string): readonly SuggestedCondition[] {
  const number = `float(${name})`;
  const isNan = { title: `${name} is NaN`, condition: `${number} != ${number}` };
  if (/nan|inf/i.test(value)) return [isNan];
  return [
    { title: `${name} is above ${value}`, condition: `${number} > ${value}` },
    { title: `${name} is below ${value}`, condition: `${number} < ${value}` },
    isNan,
  ];
}

const aboutText = (name: string, value: string): readonly SuggestedCondition[] => [
  { title: `${name} is ${value}`, condition: `${name} == "${value.replace(/[\\"]/g, '\\$&')}"` },
];
