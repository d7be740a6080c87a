// Text for HTML, between tags and within quoted attributes.
import { toVisibleLines, type Shown } from './visible';

export type HtmlText = Shown<'HTML'>;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Line ends stay. Not for scripts, styles, or addresses of links. */
export const toHtml = (text: string): HtmlText =>
  toVisibleLines(text).replace(/[&<>"'`]/g, (character) => entities[character] ?? '') as HtmlText;
