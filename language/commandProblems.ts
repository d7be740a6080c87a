// What is wrong or worth knowing with the command of run_command.
import { isAllowedCommand } from './allowedCommands';
import { spanIn, spanOf, type MappedText } from './mappedText';
import { toProblem, type Fix, type Problem } from './problem';
import { findRefusedUses } from './shellQuote';
import type { VariableUse } from './template';

export interface CommandRules {
  /** Names of commands that run without consent. */
  readonly allowedCommands: readonly string[];
  /** Whether a name or number is a capture or built in. */
  readonly isKnown: (name: string) => boolean;
}

export function checkCommand(
  value: MappedText,
  { allowedCommands, isKnown }: CommandRules,
): readonly Problem[] {
  const refused = findRefusedUses(value.text, isKnown);
  const problems = refused.map((use) => toRefusal(value, use));
  if (value.text.trim() === '' || isAllowedCommand(value.text, allowedCommands, isKnown)) return problems;
  return [
    ...problems,
    toProblem(
      'command-not-allowed',
      spanOf(value),
      'This command will ask for your consent when the job is submitted: only single, simple commands from the list of allowed ones run without.',
      `Read it again and agree at submission, or use one of: ${allowedCommands.join(', ')}.`,
    ),
  ];
}

function toRefusal(value: MappedText, use: VariableUse): Problem {
  const fix = findSubstitution(value, use.start);
  return toProblem(
    'capture-in-backquotes',
    spanIn(value, use.start, use.end),
    'A captured value cannot be inserted as data inside of back-quotes or a here-document; the action is skipped.',
    fix ? 'Write $(…) instead of `…`.' : 'Use the value outside of it.',
    fix ? { fix } : {},
  );
}

/** `…` as $(…), where nothing between the back-quotes is escaped. */
function findSubstitution(value: MappedText, at: number): Fix | undefined {
  const from = value.text.lastIndexOf('`', at);
  const to = value.text.indexOf('`', at);
  if (from === -1 || to === -1 || value.text.slice(from, to).includes('\\')) return undefined;
  return {
    title: 'Write $(…)',
    edits: [
      { span: spanIn(value, from), newText: '$(' },
      { span: spanIn(value, to), newText: ')' },
    ],
  };
}
