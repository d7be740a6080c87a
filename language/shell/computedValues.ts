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
    String.raw`\b(?:declare|typeset|local|export|readonly)\s+(?:-\S+\s+)*(?:["']?\$|-\w*i)`,
    String.raw`\$\{!\w`,
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

/** What may join two commands of a list in brackets. */
const comparison = new RegExp(String.raw`\s-(?:${compares})\s`);

/** What a script does with its variables that would evaluate a value in one of them. */
export interface ScriptArithmetic {
  /** A value in a variable may be evaluated. */
  readonly computes: boolean;
  /** Names that stand in arithmetic, in a subscript or in a comparison of numbers. */
  readonly names: ReadonlySet<string>;
}

const nowhere: ScriptArithmetic = { computes: false, names: new Set() };

/** Arithmetic of all kinds; each is bounded, as a longer one is for the rule of all values. */
const arithmetic = new RegExp(
  [
    String.raw`\(\((?:(?!\)\))[^]){0,500}`,
    String.raw`\$\[[^\]]{0,500}`,
    String.raw`\blet\s[^\n;&|]{0,500}`,
    String.raw`\w\[[^\]\n]{0,500}`,
    String.raw`\$\{\w+:(?![-+=?])[^}\s]{0,500}`,
    String.raw`\b(?:declare|typeset|local|export|readonly)\s+-\w*i[^\n;&|]{0,500}`,
    String.raw`\S{1,200}\s+-(?:${compares})\s+\S{1,200}`,
  ].join('|'),
  'g',
);

/** `body`: the clean script, with nothing rendered. `isCapture`: names that are rendered where they stand in `${…}`. */
export function findArithmetic(body: string, isCapture: (name: string) => boolean): ScriptArithmetic {
  // Captures have rules of their own wherever they stand.
  const text = body.replace(/\$\{([A-Za-z_]\w*)\}/g, (whole, name: string) =>
    isCapture(name) ? '0' : whole,
  );
  const isCompared = text.includes('[[') && comparison.test(text);
  if (!computes.test(text) && !isCompared) return nowhere;
  const names = [...text.matchAll(arithmetic)].flatMap(([piece]) => piece.match(/[A-Za-z_]\w*/g) ?? []);
  return { computes: true, names: new Set(names) };
}

export const evaluated: Refusal = {
  reason: 'the script computes with the variable that gets it, and it is not a plain number',
  remedy: 'Have the pattern capture a number, or give it to the program itself instead of to a variable.',
};

export const computedInScript: Refusal = {
  reason:
    'the script computes with what its variables hold, which runs commands that stand there, and it is no plain word',
  remedy: 'Have the pattern capture a plain word.',
};

export const computed: Refusal = {
  reason:
    'the command computes with what its variables hold, which runs commands that stand there, and it is no plain word',
  remedy: readEnvironment,
};
