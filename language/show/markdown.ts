// Text for Markdown: as words without any markup, as code, as a table; a template takes nothing else.
import { toVisible, toVisibleLines, type Shown } from './visible';

export type Markdown = Shown<'Markdown'>;

/** Markup of ours with what was made for it: inMarkdown`**${toMarkdown(name)}**`. */
export const inMarkdown = (
  strings: TemplateStringsArray,
  ...values: readonly (Markdown | number)[]
): Markdown => strings.map((text, index) => `${text}${values[index] ?? ''}`).join('') as Markdown;

export const joinMarkdown = (parts: readonly Markdown[], between = ''): Markdown =>
  parts.join(between) as Markdown;

/** Text of our own tables, which may have markup. */
export const ownMarkdown = (text: string): Markdown => text as Markdown;

/**
 * Words alone. Every mark that can have a meaning is escaped: that leaves no link, no address that is linked by itself, no
 * entity, no HTML and no cell's end. Source: CommonMark 0.31, section 2.4; GFM, section 6.9.
 */
export const toMarkdown = (text: string): Markdown =>
  toVisibleLines(text)
    .trimEnd()
    .replace(/[!#$&()*+\-<=>@[\\\]_`{|}~]|:(?=\/\/)|\.(?<=(?:www|^\s*\d+)\.)/gim, '\\$&')
    .replace(/^[ \t]+|[ \t]{2,}/gm, (blanks) => '&nbsp;'.repeat(blanks.length))
    .replaceAll('\n', '\\\n') as Markdown;

const longestRun = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

/** As code within a line, whatever back-quotes are in it. */
export function toMarkdownCode(text: string): Markdown {
  const shown = toVisible(text) || ' ';
  const longest = longestRun(shown);
  const fence = '`'.repeat(longest + 1);
  // One blank on each side is taken off again.
  const pad = longest > 0 || (shown.startsWith(' ') && shown.endsWith(' ') && shown.trim() !== '') ? ' ' : '';
  return (fence + pad + shown + pad + fence) as Markdown;
}

/** As a block of its own, whatever fences are in it. */
export function toMarkdownBlock(text: string, language: 'bash' | 'python' | 'regexp' | '' = ''): Markdown {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${toVisibleLines(text)}\n${fence}` as Markdown;
}

/** Two columns without titles, each cell on one line. */
export function toMarkdownTable(rows: readonly (readonly [title: string, value: string])[]): Markdown {
  const cell = (text: string): string => toMarkdown(toVisible(text));
  const lines = rows.map(([title, value]) => `| ${cell(title)} | ${cell(value)} |\n`);
  return (lines.length === 0 ? '' : `\n\n| | |\n|---|---|\n${lines.join('')}`) as Markdown;
}
