// Text for our own pages, which put it into the document as text and nothing else.
import { toVisible, toVisibleLines, type Shown } from './visible';

export type PageText = Shown<'page'>;

/** One line. */
export const toPageText = (text: string): PageText => toVisible(text) as PageText;

/** Line ends stay. */
export const toPageLines = (text: string): PageText => toVisibleLines(text) as PageText;
