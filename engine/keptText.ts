// How much of a text of the output is kept with an event or an action: jobs print lines of any length, and each may trigger.

/** Characters of one text, and of a result, which has the matched text and what was left out. */
const longestKept = 65_536;
export const longestResult = 2 * longestKept;

/** A command refuses any capture that is longer than its environment takes: what is cut here is refused then, too. */
const longestCapture = 2 * longestKept;

/** What is left after a cut has its words too: cutting twice is cutting once. */
const spareLength = 40;

/** `abc… (12 more characters)` if it is longer; whole characters. */
export function cutText(text: string, most = longestKept): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most - spareLength).replace(/[\ud800-\udbff]$/, '');
  return `${start}… (${text.length - start.length} more characters)`;
}

type Texts = Readonly<Record<string, string>>;

const cutAll = (texts: Texts, most?: number): Texts =>
  Object.values(texts).some((text) => text.length > (most ?? longestKept))
    ? Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, cutText(text, most)]))
    : texts;

/** As events have them. */
export const cutCaptures = (captures: Texts): Texts => cutAll(captures);

/** As what waits in the outbox has them: whole wherever a command can be given them. */
export const cutWaitingCaptures = (captures: Texts): Texts => cutAll(captures, longestCapture);
