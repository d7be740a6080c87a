// Text for a log of lines: an entry begins at the margin, and what belongs to it is indented, so that no text forges one. Webhooks are masked.
import { toVisibleLines, type Shown } from './visible';
import { maskWebhooks } from './webhook';

export type LogEntry = Shown<'log'>;

export const toLogEntry = (text: string): LogEntry =>
  toVisibleLines(maskWebhooks(text)).trimEnd().replaceAll('\n', '\n    ') as LogEntry;
