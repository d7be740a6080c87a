// Text for a terminal: one line, and nothing in it that a terminal takes for a command.
import { toVisible, type Shown } from './visible';

export type TerminalText = Shown<'terminal'>;

export const toTerminal = (text: string): TerminalText => toVisible(text) as TerminalText;
