// Text for a log of lines: an entry begins at the margin, and what belongs to it is indented, so that no text forges one.
import { toVisibleLines, type Shown } from './visible';

export type LogEntry = Shown<'log'>;

export const toLogEntry = (text: string): LogEntry =>
  toVisibleLines(text).trimEnd().replaceAll('\n', '\n    ') as LogEntry;
