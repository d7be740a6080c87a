// What is wrong or worth knowing with the command of run_command.
import { spanIn, spanOf, type MappedText } from './mappedText';
import { toProblem, type Fix, type Problem } from './problem';
import { findRefusedUses } from './shell/captureUses';
import { judgeCommand, type CommandRules, type ConsentReason } from './shell/commandVerdict';
import type { VariableUse } from './template';

export function checkCommand(value: MappedText, rules: CommandRules): readonly Problem[] {
  const refused = findRefusedUses(value.text, rules.isKnown);
  const problems = refused.map((use) => toRefusal(value, use));
  const verdict = judgeCommand(value.text, rules);
  if (value.text.trim() === '' || verdict.covered) return problems;
  const isRefused = ({ start }: ConsentReason): boolean => refused.some((use) => use.start === start);
  const captures = verdict.reasons.filter((reason) => reason.kind === 'capture' && !isRefused(reason));
  const others = verdict.reasons.filter(({ kind }) => kind !== 'capture');
  return [
    ...problems,
    ...captures.map((reason) => toCaptureProblem(value, reason)),
    ...(others.length > 0 ? [toConsentProblem(value, others, rules.allowedCommands)] : []),
  ];
}

const toCaptureProblem = (value: MappedText, { text, remedy, start, end, isCode }: ConsentReason): Problem =>
  toProblem(
    'capture-as-operand',
    spanIn(value, start, end),
    text,
    remedy,
    isCode ? {} : { severity: 'information' },
  );

function toConsentProblem(
  value: MappedText,
  reasons: readonly ConsentReason[],
  allowed: readonly string[],
): Problem {
  const why = reasons.map(({ text }) => text).join(' ');
  return toProblem(
    'command-not-allowed',
    spanOf(value),
    `This command will ask for your consent when the job is submitted. ${why}`,
    `Read it again and agree at submission, or use one simple command of: ${allowed.join(', ')}.`,
  );
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
