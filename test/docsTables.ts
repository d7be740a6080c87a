// The tables of the language as Markdown, for the pages that are made from them.
import { actionTable, actionTypes, describeDefault, type ParamRow } from '../language/actionTable';
import { defaultAllowedCommands } from '../language/allowedCommands';
import { builtins } from '../language/condition/builtins';
import { stringMethods } from '../language/condition/methods';
import { sequenceMethods } from '../language/condition/sequenceMethods';
import { jobStateTable, type JobState } from '../language/jobStates';
import { problemCodes, problemTable } from '../language/problem';
import { fieldNames, fieldTable, toJsonKey } from '../language/schema';
import { commandsForValues } from '../language/shell/commandVerdict';
import { templates } from '../language/templates';
import { builtInVariables } from '../language/variables';

const code = (text: string): string => `\`${text}\``;
const codes = (texts: readonly string[]): string => texts.map(code).join(', ');
const cell = (text: string): string => text.replaceAll('|', '\\|');

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function printFields(): string {
  const rows = fieldNames.map((name) => {
    const { aliases, summary, defaultText, example } = fieldTable[name];
    const key = toJsonKey(name);
    const isOwnKey = key !== name && !(aliases as readonly string[]).includes(key);
    const others = [...aliases.map(code), ...(isOwnKey ? [`${code(key)} (JSON)`] : [])].join(', ');
    return [code(name), others, `${summary} Example: ${code(example)}.`, defaultText];
  });
  return printTable(['field', 'also', 'what it says', 'where it is not written'], rows);
}

function printActions(): string {
  const sections = actionTypes.map((type) => {
    const { aliases, summary, params, positional } = actionTable[type];
    const rows: readonly ParamRow[] = params;
    const also = aliases.length > 0 ? ` Also ${codes(aliases)}.` : '';
    const table = printTable(
      ['parameter', 'also', 'what it says', 'where it is not written'],
      rows.map((row, index) => [
        code(row.name) + (positional && index === 0 ? ' (first)' : ''),
        codes([...row.aliases, ...(row.captureAliases ?? []).map((name) => `${name}=CAPTURE`)]),
        row.summary + (row.choices ? ` One of ${codes(row.choices)}.` : ''),
        row.required ? '*required*' : describeDefault(row),
      ]),
    );
    return `### ${type}\n\n${summary}${also}\n\n${rows.length > 0 ? table : 'It has no parameters.'}`;
  });
  return sections.join('\n\n');
}

const printVariables = (): string =>
  printTable(
    ['name', 'what it is', 'in parameters', 'in conditions'],
    Object.entries(builtInVariables).map(([name, row]) => [
      code(name),
      row.summary,
      'conditionOnly' in row ? '' : 'yes',
      'yes',
    ]),
  );

function printStates(): string {
  const rows = (Object.keys(jobStateTable) as JobState[]).flatMap((state) => {
    const { short, end, family, aliases } = jobStateTable[state];
    return end ? [[code(end), codes([state, short, ...aliases]), code(family), code(state)]] : [];
  });
  return printTable(['in a list', 'also, in any case', '`job_end_state`', '`JOB_STATE`'], rows);
}

const printProblems = (): string =>
  printTable(
    ['code', 'severity', 'meaning'],
    problemCodes.map((name) => [
      `[${code(name)}](problems.md#${name})`,
      problemTable[name].severity,
      problemTable[name].summary,
    ]),
  );

const printTemplates = (): string =>
  printTable(
    ['template', 'snippet', 'what it does', 'tags'],
    templates.map(({ id, title, description, tags }) => [
      title,
      code(`watch-${id}`),
      description,
      tags.join(', '),
    ]),
  );

/** By the names that stand in the pages: `<!-- table: fields -->`. */
export const docsTables: Readonly<Record<string, () => string>> = {
  fields: printFields,
  actions: printActions,
  variables: printVariables,
  states: printStates,
  problems: printProblems,
  templates: printTemplates,
  functions: () =>
    [
      `Functions: ${codes([...builtins.keys()])}.`,
      `Methods of text: ${codes([...stringMethods.keys()])}.`,
      `Methods of lists and tuples: ${codes([...sequenceMethods.keys()])}.`,
    ].join('\n\n'),
  commands: () => codes(defaultAllowedCommands),
  valueCommands: () => codes(commandsForValues),
};
