// Snippets of directives for editors: the two forms, and one for each template.
import type { Definition } from './definition';
import { printDefinition, printText } from './print';
import { templates } from './templates';
import { quoteText } from './values';

/** As VS Code reads it from `snippets/`. */
export interface Snippet {
  readonly prefix: string | readonly string[];
  readonly body: readonly string[];
  readonly description: string;
}

const actionChoice = '${2|log_event,store_metric,cancel_job,pause_watcher|}';

const forms: Readonly<Record<string, Snippet>> = {
  'Watcher in one line': {
    prefix: ['watcher', '#WATCHER'],
    body: [`#WATCHER pattern="\${1:ERROR}" action=${actionChoice}`],
    description: 'A watcher in one line',
  },
  'Watcher in several lines': {
    prefix: ['watcher-block', '#WATCHER_BEGIN'],
    body: [
      '#WATCHER_BEGIN',
      '# name: ${1:loss}',
      '# pattern: "${2:loss: ([\\\\d.]+)}"',
      '# captures: [${3:loss}]',
      '# actions:',
      '#   - ${4:log_event}(message="${5:loss is \\$loss}")',
      '#WATCHER_END',
    ],
    description: 'A watcher in several lines',
  },
};

/** By their titles. Name and pattern of a template are placeholders. */
export function toSnippets(): Readonly<Record<string, Snippet>> {
  const library = templates.map(({ id, title, description, definition }): [string, Snippet] => {
    return [title, { prefix: `watch-${id}`, body: toSnippetBody(definition), description }];
  });
  return { ...forms, ...Object.fromEntries(library) };
}

const escape = (text: string): string => text.replace(/[\\$}]/g, '\\$&');

/** The lines of a directive; name and pattern, which come first in it, become placeholders 1 and 2. */
export function toSnippetBody(definition: Definition): readonly string[] {
  const { name, pattern } = definition;
  let body = '';
  let rest = printDefinition(definition) ?? '';
  const printed = [printText(name), pattern === null ? undefined : quoteText(pattern)];
  for (const [index, value] of printed.filter((text) => text !== undefined).entries()) {
    const quote = /^["']/.exec(value)?.[0] ?? '';
    const at = rest.indexOf(value);
    const inside = value.slice(quote.length, value.length - quote.length);
    body += `${escape(rest.slice(0, at))}${quote}\${${index + 1}:${escape(inside)}}${quote}`;
    rest = rest.slice(at + value.length);
  }
  return (body + escape(rest)).split('\n');
}
