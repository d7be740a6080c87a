// What hover and completion say in Markdown: fields, actions, parameters, groups, names and sbatch's options.
import {
  actionTable,
  describeDefault,
  type ActionRow,
  type ActionType,
  type ParamRow,
} from '../language/actionTable';
import { sbatchRow, type SbatchOption } from '../language/sbatch/optionTable';
import { describeKind } from '../language/sbatch/values';
import { fieldTable, type FieldName } from '../language/schema';
import { ownMarkdown, toMarkdownCode as code, type Markdown } from '../language/show/markdown';
import type { Directive } from '../language/directive';
import { partsOf } from './directiveParts';

const aliasesOf = (aliases: readonly string[]): string =>
  aliases.length === 0 ? '' : `  \nAlso written: ${aliases.map(code).join(', ')}`;

export function describeField(name: FieldName): Markdown {
  const { summary, defaultText, example, aliases } = fieldTable[name];
  return ownMarkdown(
    `**${name}**  \n${summary}\n\nDefault: ${defaultText}  \nExample: ${code(example)}${aliasesOf(aliases)}`,
  );
}

export function describeParam(row: ParamRow): Markdown {
  const { name, summary, required, choices = [] } = row;
  const rule = required ? 'Required' : `Default: ${describeDefault(row)}`;
  const values = choices.length === 0 ? '' : `  \nOne of: ${choices.map(code).join(', ')}`;
  return ownMarkdown(`**${name}**  \n${summary}\n\n${rule}${values}`);
}

export function describeAction(type: ActionType): Markdown {
  const { summary, params, aliases }: ActionRow = actionTable[type];
  const list = params.map(
    (row) =>
      `- ${code(row.name)}: ${row.summary} ${row.required ? 'Required.' : `Default: ${describeDefault(row)}.`}`,
  );
  return ownMarkdown(`**${type}**  \n${summary}${aliasesOf(aliases)}\n\n${list.join('\n')}`);
}

/** Where a capture comes from: `group 2, ([\d.]+)`. */
export function describeGroup(directive: Directive, group: number | undefined): string {
  const { pattern } = partsOf(directive);
  const node = group === undefined ? undefined : pattern?.compiled?.tree.groups[group - 1];
  if (group === undefined || !node || !pattern) return 'a name without a group in the pattern';
  return `group ${group}, ${pattern.text.text.slice(node.span.start, node.span.end)}`;
}

export function describeSbatchOption(name: SbatchOption): Markdown {
  const row = sbatchRow(name);
  const { short, summary, example, choices = [] } = row;
  const title = short === undefined ? `**--${name}**` : `**--${name}** (${code(`-${short}`)})`;
  const hasFormat = ['count', 'nodes', 'time', 'memory', 'array'].includes(row.value);
  const notes = [
    ...(hasFormat ? [`Value: a ${describeKind(row)}`] : []),
    ...(choices.length > 0 ? [`Values: ${choices.map(code).join(', ')}`] : []),
    ...(example === undefined ? [] : [`Example: ${code(`--${name}=${example}`)}`]),
  ];
  return ownMarkdown(`${title}  \n${summary}\n\n${notes.join('  \n')}`);
}
