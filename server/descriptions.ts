// What hover and completion say in Markdown: fields, actions, parameters, groups, names and sbatch's options.
import { actionTable, type ActionRow, type ActionType, type ParamRow } from '../language/actionTable';
import { sbatchRow, type SbatchOption } from '../language/sbatch/optionTable';
import { describeKind } from '../language/sbatch/values';
import { fieldTable, type FieldName } from '../language/schema';
import type { Directive } from '../language/directive';
import { partsOf } from './directiveParts';

/** As code, whatever back-quotes are in it. */
export function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return fence + pad + text + pad + fence;
}

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

/** Where a capture comes from: `group 2, ([\d.]+)`. */
export function describeGroup(directive: Directive, group: number | undefined): string {
  const { pattern } = partsOf(directive);
  const node = group === undefined ? undefined : pattern?.compiled?.tree.groups[group - 1];
  if (group === undefined || !node || !pattern) return 'a name without a group in the pattern';
  return `group ${group}, ${pattern.text.text.slice(node.span.start, node.span.end)}`;
}

export function describeSbatchOption(name: SbatchOption): string {
  const row = sbatchRow(name);
  const { short, summary, example, choices = [] } = row;
  const title = short === undefined ? `**--${name}**` : `**--${name}** (${code(`-${short}`)})`;
  const hasFormat = ['count', 'nodes', 'time', 'memory', 'array'].includes(row.value);
  const notes = [
    ...(hasFormat ? [`Value: a ${describeKind(row)}`] : []),
    ...(choices.length > 0 ? [`Values: ${choices.map(code).join(', ')}`] : []),
    ...(example === undefined ? [] : [`Example: ${code(`--${name}=${example}`)}`]),
  ];
  return `${title}  \n${summary}\n\n${notes.join('  \n')}`;
}
