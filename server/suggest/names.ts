// Suggestions of names: `$` variables with the group they come from, and what conditions may use.
import { CompletionItemKind } from 'vscode-languageserver';
import {
  findFunction,
  findMethod,
  functionReference,
  methodReference,
  printSignature,
} from '../../language/condition/reference';
import { ownMarkdown } from '../../language/show/markdown';
import { builtInVariables, type BuiltInVariable } from '../../language/variables';
import { describeGroup } from '../descriptions';
import type { Directive } from '../../language/directive';
import { proposeNames } from '../captureNames';
import { findCaptures } from '../captures';
import { partsOf } from '../directiveParts';
import { escapeSnippet, toWord, type Suggestion } from './suggestion';

interface Name {
  readonly name: string;
  readonly detail: string;
}

/** Captures first, then groups by number, then what is always there. */
export function suggestVariables(directive: Directive | undefined, braced: boolean): readonly Suggestion[] {
  const print = (name: string): string => (braced ? `\${${name}` : `$${name}`);
  return [...findNames(directive), ...findGroups(directive), ...builtIns(false)].map(({ name, detail }) => ({
    label: `$${name}`,
    snippet: escapeSnippet(print(name)),
    filter: print(name),
    kind: CompletionItemKind.Variable,
    detail,
  }));
}

export function suggestInCondition(directive: Directive | undefined): readonly Suggestion[] {
  const names = [...findNames(directive), ...builtIns(true)].map(({ name, detail }) => ({
    label: name,
    snippet: name,
    kind: CompletionItemKind.Variable,
    detail,
    commit: [' ', ')', ',', '.', '['],
  }));
  const functions = Object.keys(functionReference).map((name) =>
    toCall(name, findFunction(name), CompletionItemKind.Function),
  );
  const words = ['and', 'or', 'not', 'in', 'is', 'if', 'else', 'True', 'False', 'None'].map((word) => ({
    ...toWord(word),
    kind: CompletionItemKind.Keyword,
  }));
  return [...names, ...functions, ...words];
}

export const suggestMethods = (): readonly Suggestion[] =>
  Object.keys(methodReference).map((name) => toCall(name, findMethod(name), CompletionItemKind.Method));

function toCall(name: string, row: ReturnType<typeof findFunction>, kind: CompletionItemKind): Suggestion {
  const takesNothing = row?.params.length === 0;
  return {
    label: name,
    snippet: takesNothing ? `${name}()` : `${name}($1)`,
    bare: { text: name, before: /^[ \t]*\(/ },
    kind,
    ...(row && { detail: printSignature(name, row), documentation: ownMarkdown(row.summary) }),
  };
}

/** Names for the groups that have none yet, from the words that stand before them. */
export function suggestCaptures(directive: Directive | undefined): readonly Suggestion[] {
  const { pattern, names = [] } = directive ? partsOf(directive) : {};
  const tree = pattern?.compiled?.tree;
  if (!directive || !tree) return [];
  const taken = names.map(({ text }) => text);
  return proposeNames(tree).flatMap((name, index) => {
    if (taken.includes(name) || tree.groups[index]?.name !== undefined) return [];
    return { ...toWord(name, describeGroup(directive, index + 1)), commit: [',', ']'] };
  });
}

const findNames = (directive: Directive | undefined): readonly Name[] =>
  directive
    ? findCaptures(directive).map(({ name, group }) => ({ name, detail: describeGroup(directive, group) }))
    : [];

function findGroups(directive: Directive | undefined): readonly Name[] {
  const count = (directive && partsOf(directive).pattern?.compiled?.groupCount) ?? 0;
  const groups = Array.from({ length: directive ? count : 0 }, (_, index) => ({
    name: String(index + 1),
    detail: directive ? describeGroup(directive, index + 1) : '',
  }));
  return [{ name: '0', detail: 'the matched text' }, ...groups];
}

const builtIns = (inCondition: boolean): readonly Name[] =>
  (Object.keys(builtInVariables) as BuiltInVariable[])
    .filter((name) => inCondition || !('conditionOnly' in builtInVariables[name]))
    .map((name) => ({ name, detail: builtInVariables[name].summary }));
