// Commands in shell text that read a program which is not written there: looked for piece by piece, in linear time.

const shell = String.raw`(?:(?:ba|da|a|z|k|c|tc|fi)?sh|busybox)`;
const interpreter = String.raw`(?:${shell}|python[\d.]*|perl|ruby|node|Rscript|julia|lua)`;
/** Of a word with its quotes; a pipe ends it. */
const part = String.raw`(?:[^\s|'"\\]|\\[^]|'[^']*'|"[^"]*")`;
const path = String.raw`(?:[^\s|]*/)?`;
const end = String.raw`\s*(?:$|[\n;&|)}])`;

const pipe = String.raw`\|&?\s*(?:(?:sudo|env|exec|command|nohup|time)\s+(?:-${part}+\s+)*|\w+=${part}*\s+)*${path}`;
const toPatterns = (sources: readonly string[]): readonly RegExp[] =>
  sources.map((source) => new RegExp(source, 'y'));
/** From a pipe on. */
const pipedToShell = toPatterns([
  String.raw`${pipe}${shell}(?:\s+-\w*)*(?:\s+/dev/(?:stdin|fd/0)\b|${end})`,
  String.raw`${pipe}(?:source|\.)\s+/dev/(?:stdin|fd/0)`,
  String.raw`${pipe}(?:ssh|rsh)(?:\s+-${part}+)*\s+\S+${end}`,
  String.raw`${pipe}(?:at|batch|crontab|parallel)\b`,
  String.raw`${pipe}xargs\b[^|;\n]{0,1000}[\s/](?:${shell}|eval|env|sudo|nohup|parallel|ssh|watch)\b`,
  String.raw`${pipe}xargs\b(?:\s+-${part}+|\s+\{\}|\s+\d+)*\s+\{\}`,
]);
const pipedTo = toPatterns([
  String.raw`${pipe}${interpreter}(?:\s+-\w*)*${end}`,
  String.raw`${pipe}(?:ed|ex|vim?|bc|dc|gdb|s?ftp|lftp|sqlite3|psql|mysql|gnuplot|octave|matlab|R|m4|make|mailx?|nc)\b`,
]);

/** Something, and behind it in the same piece of the text something else. */
interface Sequence {
  readonly first: RegExp;
  /** Where pieces end. */
  readonly between: RegExp;
  readonly then: RegExp;
}

const substitution = /\$\(|`/;
const sequences: readonly Sequence[] = [
  // A program that reads its text from what it is given.
  { first: /\|/g, between: /[\n;]/g, then: /\s(?:-f|--file)\s*-(?:\s|$)/ },
  {
    first: new RegExp(String.raw`(?<=^|[\s;&|(])(?:(?:[^\s;&|(]*/)?${interpreter}|source|\.)\s`, 'g'),
    between: /[\n;&|]/g,
    then: /<<<|<\(/,
  },
  { first: /\beval\b/g, between: /[\n;&|]/g, then: substitution },
  { first: new RegExp(String.raw`${interpreter}\s+-\w*[ce]\b`, 'g'), between: /[\n;]/g, then: substitution },
  // From then on bash evaluates whatever is assigned to the variable.
  {
    first: /\b(?:declare|typeset|local|export|readonly)\s/g,
    between: /[\n;&|]/g,
    then: /-\w*i/,
  },
];

const shellInputs: readonly Sequence[] = [
  {
    first: new RegExp(
      String.raw`(?<=^|[\s;&|(/])(?:${shell}|source|\.|ssh|rsh|at|batch|crontab|parallel)\s`,
      'g',
    ),
    between: /[\n;]/g,
    then: /<<|<\s*<?\(/,
  },
];

/**
 * Whether a command gets its program through a pipe, a here-string or a substitution, or has bash evaluate what is assigned to
 * a variable.
 */
export const hasHiddenProgram = (command: string): boolean =>
  /\b(?:xargs|parallel)\b/.test(command) ||
  isPipedTo(command, [...pipedToShell, ...pipedTo]) ||
  sequences.some((sequence) => hasSequence(command, sequence));

/** Whether a shell of it gets its program through a pipe, a here-document, a here-string or a substitution. */
export const hasShellInput = (command: string): boolean =>
  isPipedTo(command, pipedToShell) || shellInputs.some((sequence) => hasSequence(command, sequence));

function isPipedTo(command: string, patterns: readonly RegExp[]): boolean {
  for (let at = command.indexOf('|'); at >= 0; at = command.indexOf('|', at + 1)) {
    for (const pattern of patterns) {
      pattern.lastIndex = at;
      if (pattern.test(command)) return true;
    }
  }
  return false;
}

function hasSequence(command: string, { first, between, then }: Sequence): boolean {
  let looked = 0;
  for (const found of command.matchAll(first)) {
    const from = found.index + found[0].length;
    // What is behind this one was behind the one before.
    if (from < looked) continue;
    between.lastIndex = from;
    looked = between.test(command) ? between.lastIndex : command.length + 1;
    if (then.test(command.slice(from, looked))) return true;
  }
  return false;
}
