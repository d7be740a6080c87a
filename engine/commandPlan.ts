// An action's parameters as it runs with them: variables put in as text, and into commands as data, or why they must not be.
import { findActionRow, type ActionRow } from '../language/actionTable';
import type { Json } from '../language/json/value';
import { captureLess } from '../language/shell/operands';
import { toCommandEnvironment } from '../language/shell/commandEnvironment';
import { renderCommand, type RefusedValue } from '../language/shell/renderCommand';
import { plainWord } from '../language/shellQuote';
import { substitute, type TemplateValues } from '../language/template';
import { cutText } from './keptText';
import type { PlannedAction } from './model';

export interface PlanValues {
  /** What parameters may name. */
  readonly values: TemplateValues;
  /** What is in the environment of commands: captures by their names, null if one has no value. */
  readonly captures: Readonly<Record<string, string | null>>;
}

/** Names of its parameters that are text for a shell. */
const findCommandParams = (type: string): readonly string[] => {
  const row: ActionRow | undefined = findActionRow(type);
  return (row?.params ?? []).flatMap((param) => (param.type === 'command' ? [param.name] : []));
};

/** Defaults are filled in already. */
export function planAction(
  type: PlannedAction['type'],
  params: Readonly<Record<string, Json>>,
  { values, captures }: PlanValues,
): PlannedAction {
  const final = Object.fromEntries(
    Object.entries(params).map(
      ([name, value]) =>
        [
          name,
          typeof value === 'string' ? cutText(substitute(value, values)) : planObject(value, values),
        ] as const,
    ),
  );
  const action: PlannedAction = { type, params: final };
  const [name] = findCommandParams(type);
  const written = name === undefined ? undefined : params[name];
  if (name === undefined || typeof written !== 'string') return action;
  const environment = toCommandEnvironment(captures);
  const rendered = renderCommand(written, values);
  const refusals = [
    ...('refusals' in rendered ? rendered.refusals : []),
    ...('refusals' in environment ? environment.refusals : []),
  ];
  const command = 'text' in rendered ? rendered.text : written;
  const planned = { type, params: { ...final, [name]: command }, written };
  return refusals.length === 0 ? planned : { ...planned, refusal: describeRefusals(refusals) };
}

/** In an object only plain words are put in; a text that would have anything else stays as it is. */
function planObject(value: Json, values: TemplateValues): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, text]) => {
    const rendered = typeof text === 'string' && text.includes('$') ? substitute(text, values) : text;
    return [name, isFit(rendered) ? rendered : text] as const;
  });
  return Object.fromEntries(entries);
}

/** One that is too long to be kept is no word of an option. */
const isFit = (value: Json): boolean =>
  typeof value !== 'string' || (plainWord.test(value) && cutText(value) === value);

/** Each reason once. */
function describeRefusals(refusals: readonly RefusedValue[]): string {
  const reasons = refusals.map(({ name, reason }) =>
    name === '' ? reason : `the value of $${name} cannot be put in: ${reason}`,
  );
  const remedies = refusals.map(({ remedy }) => remedy);
  return `The command was not run: ${unique(reasons).join('; ')}. ${unique(remedies).join(' ') || captureLess}`;
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
