// Commands that compute with what variables of the shell hold: a value that comes there is evaluated, whatever quotes it had.
import { walkTemplate, type TemplateValues } from '../template';
import { readEnvironment, type Refusal } from './operands';

const compares = 'eq|ne|lt|le|gt|ge';
/** Bash computes with what variables hold, and takes names from them: it runs a `$(…)` that stands in brackets there. */
const computes = new RegExp(
  [
    String.raw`\(\((?:(?!\)\))[^]){0,500}?[A-Za-z_$]`,
    String.raw`\$\[[^\]]{0,500}?[A-Za-z_$]`,
    String.raw`\[\[[^\n]{0,500}?(?:[$A-Za-z_]\S*\s+-(?:${compares})\s|\s-(?:${compares})\s+["']?[$A-Za-z_]|\s-[vR]\s+\S*\$)`,
    String.raw`\b(?:let\s|eval\b[^\n;&|]{0,500}?\$)`,
    String.raw`\w\[[^\]\n]{0,500}?\$`,
    String.raw`\$\{[!#]?\w+\[[^\]\n]{0,500}?[A-Za-z_$]`,
    String.raw`(?:^|[\s;&|({])\w+\[[^\]\n]{0,500}?[A-Za-z_]\w*\]\+?=`,
    String.raw`\$\{\w+:(?![-+=?])[^}\s]{0,500}?[A-Za-z_$]`,
    String.raw`(?:\bprintf\s+-v|\bread|\bunset|\bmapfile|\breadarray|\bgetopts|\bwait\s+-p|\btest\s+-v|\[\s+-v)\s[^\n;&|<]{0,500}?\$`,
    String.raw`\b(?:declare|typeset|local|export|readonly)\s+(?:-\S+\s+)*["']?\$`,
  ].join('|'),
);
/** By which a value comes into a variable of the shell. */
const setsVariable = /\w\+?=|\b(?:for|select|read|mapfile|readarray|set)\b|\$\{?[1-9@*]/;

/** Whether a value may come to where bash evaluates it, by way of a variable. */
export function computesWithValues(command: string, values: TemplateValues): boolean {
  if (!setsVariable.test(command) || !computes.test(command)) return false;
  // Captures have rules of their own wherever they stand.
  let text = '';
  walkTemplate(command, values, {
    text: (piece) => void (text += piece),
    value: () => void (text += '0'),
  });
  return setsVariable.test(text) && computes.test(text);
}

export const computed: Refusal = {
  reason:
    'the command computes with what its variables hold, which runs commands that stand there, and it is no plain word',
  remedy: readEnvironment,
};
