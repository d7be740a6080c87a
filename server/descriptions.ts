// Fields, actions and parameters in Markdown, as hover and completion show them.
import { actionTable, type ActionRow, type ActionType, type ParamRow } from '../language/actionTable';
import { fieldTable, type FieldName } from '../language/schema';

const code = (text: string): string => `\`${text}\``;

const aliasesOf = (aliases: readonly string[]): string =>
  aliases.length === 0 ? '' : `  \nAlso written: ${aliases.map(code).join(', ')}`;

export function describeField(name: FieldName): string {
  const { summary, defaultText, example, aliases } = fieldTable[name];
  return `**${name}**  \n${summary}\n\nDefault: ${defaultText}  \nExample: ${code(example)}${aliasesOf(aliases)}`;
}

export function describeParam({ name, summary, defaultText, required, choices = [] }: ParamRow): string {
  const rule = required ? 'Required' : `Default: ${defaultText}`;
  const values = choices.length === 0 ? '' : `  \nOne of: ${choices.map(code).join(', ')}`;
  return `**${name}**  \n${summary}\n\n${rule}${values}`;
}

export function describeAction(type: ActionType): string {
  const { summary, params, aliases }: ActionRow = actionTable[type];
  const list = params.map(
    ({ name, summary: what, required, defaultText }) =>
      `- ${code(name)}: ${what} ${required ? 'Required.' : `Default: ${defaultText}.`}`,
  );
  return `**${type}**  \n${summary}${aliasesOf(aliases)}\n\n${list.join('\n')}`;
}
