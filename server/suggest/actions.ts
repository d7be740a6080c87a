// Suggestions of actions, their parameters and the values of these.
import { CompletionItemKind } from 'vscode-languageserver';
import {
  actionTable,
  actionTypes,
  type ActionRow,
  type ActionType,
  type ParamRow,
} from '../../language/actionTable';
import { toWord, type Suggestion } from './suggestion';

const paramsOf = (type: ActionType): readonly ParamRow[] => (actionTable[type] as ActionRow).params;

export const suggestActions = (): readonly Suggestion[] => actionTypes.map(suggestAction);

/** The action with the parameters that it needs, or its first one. */
function suggestAction(type: ActionType): Suggestion {
  const wanted = paramsOf(type).filter(({ required }, index) => required === true || index === 0);
  const params = wanted.map((param, index) => `${param.name}=${toPlaceholder(param, index + 1)}`);
  return {
    label: type,
    snippet: params.length === 0 ? type : `${type}(${params.join(', ')})`,
    bare: { text: type, before: /^[ \t]*\(/ },
    kind: CompletionItemKind.Function,
    detail: actionTable[type].summary,
    documentation: { about: 'action', name: type },
  };
}

export const suggestParams = (type: ActionType, written: readonly ParamRow[]): readonly Suggestion[] =>
  paramsOf(type)
    .filter((param) => !written.includes(param))
    .map((param) => ({
      label: param.name,
      snippet: `${param.name}=${toPlaceholder(param, 1)}`,
      bare: { text: param.name, before: /^[ \t]*=/ },
      kind: CompletionItemKind.Variable,
      detail: param.summary,
      documentation: { about: 'param', action: type, name: param.name },
    }));

export const suggestParamValues = (param: ParamRow): readonly Suggestion[] =>
  choicesOf(param).map((choice) => ({ ...toWord(choice), commit: [',', ')'] }));

export const actionEnd: readonly Suggestion[] = [
  {
    label: 'if',
    snippet: 'if ${1:condition}',
    kind: CompletionItemKind.Keyword,
    detail: 'a condition of this action alone',
  },
];

const choicesOf = ({ type, choices = [] }: ParamRow): readonly string[] =>
  type === 'boolean' ? ['true', 'false'] : choices;

function toPlaceholder(param: ParamRow, stop: number): string {
  const choices = choicesOf(param);
  if (choices.length > 0) return `\${${stop}|${choices.join(',')}|}`;
  if (param.type === 'object') return `{$${stop}}`;
  return param.type === 'duration' ? `\${${stop}:60s}` : `"$${stop}"`;
}
