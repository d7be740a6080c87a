// Text for Slack's markup: nobody is called, and no link has another text than its address.
import { toVisibleLines, type Shown } from './visible';

export type SlackText = Shown<'Slack'>;

/**
 * `<!channel>`, `<@U1>` and `<url|text>` begin with `<`, and text has none. Send it with `link_names` and unfurling off.
 * Source: Slack, "Formatting text for app surfaces", Escaping text.
 */
export const toSlack = (text: string): SlackText =>
  toVisibleLines(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') as SlackText;
