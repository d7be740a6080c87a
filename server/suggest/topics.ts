// What a suggestion is about, small enough to travel with it, and the documentation that is fetched when it is shown.
import { actionTypes, findParam, type ActionType } from '../../language/actionTable';
import { sbatchNames, type SbatchOption } from '../../language/sbatch/optionTable';
import { fieldNames, type FieldName } from '../../language/schema';
import {
  joinMarkdown,
  inMarkdown,
  toMarkdownBlock,
  toMarkdownCode as code,
  type Markdown,
} from '../../language/show/markdown';
import { describeAction, describeField, describeParam, describeSbatchOption } from '../descriptions';
import { readMember } from '../settings';
import type { KnownTemplate } from '../templateFiles';

export type Topic =
  | { readonly about: 'field'; readonly name: FieldName }
  | { readonly about: 'action'; readonly name: ActionType }
  | { readonly about: 'param'; readonly action: ActionType; readonly name: string }
  | { readonly about: 'option'; readonly name: SbatchOption }
  | { readonly about: 'directive'; readonly name: string }
  | { readonly about: 'pattern'; readonly name: string };

export type FindTemplate = (id: string) => KnownTemplate | undefined;

/** Undefined for a template that is gone. */
export function describeTopic(topic: Topic, findTemplate: FindTemplate): Markdown | undefined {
  switch (topic.about) {
    case 'field':
      return describeField(topic.name);
    case 'action':
      return describeAction(topic.name);
    case 'param': {
      const param = findParam(topic.action, topic.name);
      return param && describeParam(param);
    }
    case 'option':
      return describeSbatchOption(topic.name);
    case 'directive': {
      const template = findTemplate(topic.name);
      return template && toMarkdownBlock(template.directive, 'bash');
    }
    case 'pattern':
      return describePattern(findTemplate(topic.name));
  }
}

function describePattern(template: KnownTemplate | undefined): Markdown | undefined {
  if (!template || template.pattern === null) return undefined;
  const lines = template.matches.map((line) => inMarkdown`- ${code(line)}`);
  return joinMarkdown(
    [code(template.pattern), ...(lines.length > 0 ? [inMarkdown``, inMarkdown`Matches:`, ...lines] : [])],
    '\n',
  );
}

/** What came back from a client: the topic that was sent, or anything at all. */
export function readTopic(data: unknown): Topic | undefined {
  const name = readMember(data, 'name');
  const has = <Name extends string>(names: readonly Name[], wanted: unknown): Name | undefined =>
    names.find((known) => known === wanted);
  switch (readMember(data, 'about')) {
    case 'field': {
      const field = has(fieldNames, name);
      return field && { about: 'field', name: field };
    }
    case 'action': {
      const action = has(actionTypes, name);
      return action && { about: 'action', name: action };
    }
    case 'param': {
      const action = has(actionTypes, readMember(data, 'action'));
      return action && typeof name === 'string' ? { about: 'param', action, name } : undefined;
    }
    case 'option': {
      const option = has(sbatchNames, name);
      return option && { about: 'option', name: option };
    }
    case 'directive':
      return typeof name === 'string' ? { about: 'directive', name } : undefined;
    case 'pattern':
      return typeof name === 'string' ? { about: 'pattern', name } : undefined;
    default:
      return undefined;
  }
}
