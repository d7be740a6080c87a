// What a suggestion is about, small enough to travel with it, and the documentation that is fetched when it is shown.
import * as v from 'valibot';
import { actionTypes, findParam } from '../../language/actionTable';
import { sbatchNames } from '../../language/sbatch/optionTable';
import { fieldNames } from '../../language/schema';
import {
  joinMarkdown,
  inMarkdown,
  toMarkdownBlock,
  toMarkdownCode as code,
  type Markdown,
} from '../../language/show/markdown';
import { describeAction, describeField, describeParam, describeSbatchOption } from '../descriptions';
import type { KnownTemplate } from '../templateFiles';

const topicShape = v.variant('about', [
  v.object({ about: v.literal('field'), name: v.picklist(fieldNames) }),
  v.object({ about: v.literal('action'), name: v.picklist(actionTypes) }),
  v.object({ about: v.literal('param'), action: v.picklist(actionTypes), name: v.string() }),
  v.object({ about: v.literal('option'), name: v.picklist(sbatchNames) }),
  v.object({ about: v.literal('directive'), name: v.string() }),
  v.object({ about: v.literal('pattern'), name: v.string() }),
]);

export type Topic = Readonly<v.InferOutput<typeof topicShape>>;

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
export const readTopic = (data: unknown): Topic | undefined => (v.is(topicShape, data) ? data : undefined);
