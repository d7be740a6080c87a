// Suggestions of markers, fields and their values.
import { CompletionItemKind } from 'vscode-languageserver';
import { markers } from '../../language/directive/markers';
import { jobStateTable } from '../../language/jobStates';
import { fieldNames, fieldTable, type FieldName } from '../../language/schema';
import type { KnownTemplate } from '../templateFiles';
import { toWord, type Suggestion } from './suggestion';

const forms: readonly Suggestion[] = [
  {
    label: markers.inline,
    snippet: `${markers.inline} pattern="$1" action=$0`,
    bare: { text: markers.inline, before: /\S/ },
    kind: CompletionItemKind.Keyword,
    detail: 'a watcher in one line',
  },
  {
    label: markers.begin,
    bare: { text: markers.begin, before: /\S/ },
    snippet: `${markers.begin}\n# name: $1\n# pattern: "$2"\n# actions:\n#   - $0\n${markers.end}`,
    kind: CompletionItemKind.Keyword,
    detail: 'a watcher in several lines',
  },
];

/** Both forms, and whole directives for what people mostly look for; these are found by the marker and by their titles. */
export const suggestMarkers = (templates: readonly KnownTemplate[]): readonly Suggestion[] => [
  ...forms,
  ...templates.map(({ id, title, description, snippet }) => ({
    label: title,
    snippet,
    kind: CompletionItemKind.Snippet,
    detail: description,
    documentation: { about: 'directive' as const, name: id },
    filter: `${markers.inline} ${title} ${id}`,
  })),
];

/** Inline actions are written one by one, those of a block as a list. */
const otherForm = { inline: 'actions', block: 'action' } as const;

export function suggestFields(form: 'inline' | 'block', written: ReadonlySet<FieldName>): Suggestion[] {
  const repeatable = (name: FieldName): boolean => form === 'inline' && name === 'action';
  return fieldNames
    .filter((name) => name !== otherForm[form] && (repeatable(name) || !written.has(name)))
    .map((name) => ({
      label: name,
      bare: { text: name, before: form === 'inline' ? /^[ \t]*=(?!=)/ : /^[ \t]*:/ },
      snippet: form === 'inline' ? `${name}=${toPlaceholder(name)}` : `${name}:${toBlockPlaceholder(name)}`,
      kind: CompletionItemKind.Property,
      documentation: { about: 'field', name },
      ...(fieldTable[name].type === 'actions' && { goesOn: true as const }),
    }));
}

const toBlockPlaceholder = (name: FieldName): string =>
  name === 'actions' ? '\n#   - $0' : ` ${toPlaceholder(name)}`;

function toPlaceholder(name: FieldName): string {
  const choices = suggestValues(name).map(({ label }) => label);
  switch (fieldTable[name].type) {
    case 'text':
    case 'pattern':
    case 'condition':
      return '"$1"';
    case 'names':
    case 'states':
      return '[$1]';
    case 'boolean':
    case 'output':
      return `\${1|${choices.join(',')}|}`;
    case 'duration':
    case 'count':
      return `\${1:${fieldTable[name].example}}`;
    case 'actions':
      return '$1';
  }
}

export function suggestValues(name: FieldName): readonly Suggestion[] {
  switch (fieldTable[name].type) {
    case 'boolean':
      return [toWord('true'), toWord('false')];
    case 'output':
      return [
        toWord('stdout', 'what the job prints'),
        toWord('stderr', 'its errors'),
        toWord('both', 'one after the other'),
      ];
    case 'states':
      return Object.entries(jobStateTable).flatMap(([state, { end }]) =>
        end === null ? [] : { ...toWord(end, `Slurm's ${state}`), commit: [',', ']'] },
      );
    case 'count':
    case 'duration':
      return [toWord(fieldTable[name].example, `default: ${fieldTable[name].defaultText}`)];
    default:
      return [];
  }
}
