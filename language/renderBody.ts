// The body of a resubmitted script with the named captures of its watcher in it.
import { findTail } from './textEnd';
import { findBodyNames } from './bodyNames';
import { findDirectives } from './directives';
import { evaluated, findComputedNames } from './shell/computedValues';
import type { Refusal } from './shell/operands';
import { notPlainInScript } from './shell/readAgain';
import type { RefusedValue } from './shell/renderCommand';
import { plainWord, quoteValue } from './shellQuote';
import { ShellScanner } from './shellScanner';
import { deepestWord, findVariables, type VariableUse } from './template';

export interface RenderedBody {
  /** The whole script, directives and all else as they were; undefined if a value is refused. */
  readonly value: string | undefined;
  readonly problems: readonly RefusedValue[];
  /** Captures in a plain `${name}` that have no value: the script needs them. */
  readonly missing: readonly string[];
  /** Captures that are left as they are, because the script itself assigns the name. */
  readonly assigned: readonly string[];
}

/** They are the shell's and Slurm's own. */
const neverRendered = new Set(['JOB_ID', 'HOSTNAME']);

/**
 * Renders `${name}`, `${name:-default}` and `${name:+word}` of captures, as ssync does; those without a value are left
 * for the shell. `captures`: names and values, null where there is none. Source: section 6 of the language.
 */
export function renderBody(script: string, captures: Readonly<Record<string, string | null>>): RenderedBody {
  const clean = findDirectives(script).cleanText;
  const { assigned, used } = findBodyNames(clean);
  const names = Object.keys(captures).filter(
    (name) => used.has(name) && !neverRendered.has(name) && /^[A-Za-z_]\w*$/.test(name),
  );
  const values = new Map(
    names.filter((name) => !assigned.has(name)).map((name) => [name, captures[name] ?? null] as const),
  );
  const renderer = new BodyRenderer(
    values,
    findComputedNames(clean, (name) => values.has(name)),
  );
  const text = mapProgram(script.split('\n'), clean.split('\n'), (piece) => renderer.render(piece));
  return {
    value: renderer.problems.length > 0 ? undefined : text,
    problems: renderer.problems,
    missing: [...renderer.missing],
    assigned: names.filter((name) => assigned.has(name)),
  };
}

/** Changes what is no directive, in stretches of whole lines. */
function mapProgram(
  lines: readonly string[],
  clean: readonly string[],
  change: (piece: string) => string,
): string {
  let result = '';
  let piece = '';
  for (const [index, line] of lines.entries()) {
    const whole = index < lines.length - 1 ? `${line}\n` : line;
    if (line === clean[index]) piece += whole;
    else {
      result += change(piece) + whole;
      piece = '';
    }
  }
  return result + change(piece);
}

const assignedName = /^([A-Za-z_]\w*)\+?=/;
const plainNumber = /^[-+]?\d+(?:\.\d+)?$/;

/** To tell what kind of a comment it is. */
const enoughOfLine = 1000;

class BodyRenderer {
  readonly problems: RefusedValue[] = [];
  readonly missing = new Set<string>();
  private readonly scanner = new ShellScanner();
  /** What was written of the current line, at least its beginning. */
  private line = '';

  constructor(
    private readonly values: ReadonlyMap<string, string | null>,
    private readonly computed: ReadonlySet<string>,
  ) {}

  /** A stretch of the program; stretches come in their order. */
  render(text: string, depth = 0): string {
    let result = '';
    let from = 0;
    for (const use of depth > deepestWord ? [] : findVariables(text)) {
      result += this.keep(text.slice(from, use.start));
      from = use.end;
      const isBraced = text[use.start + 1] === '{';
      const value = isBraced && !this.scanner.isEscaped ? this.values.get(use.name) : undefined;
      if (value === null && use.operator === undefined) this.missing.add(use.name);
      result += typeof value === 'string' ? this.insert(use, value, depth) : this.leave(text, use, depth);
    }
    return result + this.keep(text.slice(from));
  }

  private noteLine(text: string): void {
    const newline = text.lastIndexOf('\n');
    if (newline !== -1) this.line = text.slice(newline + 1);
    else if (this.line.length < enoughOfLine) this.line += text;
  }

  private keep(text: string): string {
    this.scanner.take(text);
    this.noteLine(text);
    return text;
  }

  /** For the shell; what its word holds may be ours. */
  private leave(text: string, use: VariableUse, depth: number): string {
    if (use.operator === undefined) return this.keep(text.slice(use.start, use.end));
    const head = this.keep(text.slice(use.start, use.wordStart));
    return head + this.render(use.word, depth + 1) + this.keep(text.slice(use.end - 1, use.end));
  }

  private insert({ name, operator, word }: VariableUse, value: string, depth: number): string {
    if (operator === ':+') return this.render(word, depth + 1);
    const text = this.write(name, value);
    this.scanner.takeValue(value === '');
    this.noteLine(text);
    return text;
  }

  private write(name: string, value: string): string {
    const { place } = this.scanner;
    if (place === 'comment') return this.writeComment(name, value);
    const written =
      this.isComputed() && !plainNumber.test(value) ? evaluated : quoteValue(value, this.scanner, 'script');
    // What a script does with its variables is not known: what no shell reads as more than a word is all that is safe there.
    const quoted = 'reason' in written || plainWord.test(value) ? written : notPlainInScript;
    if ('reason' in quoted) {
      this.problems.push({ name, ...quoted });
      return '';
    }
    // Some shells read more than a word in one that begins with a sign.
    return place === 'plain' && /^[\w./-]/.test(value) ? value : quoted.text;
  }

  /** Whether it is assigned to a name that the script computes with. */
  private isComputed(): boolean {
    const { words, word } = this.scanner;
    const target = assignedName.exec(word)?.[1] ?? (/^(?:for|select)$/.test(words[0] ?? '') ? words[1] : '');
    return this.computed.has(target ?? '');
  }

  /** Only Slurm reads a comment: other ones stay as they are if the value is not a plain word. */
  private writeComment(name: string, value: string): string {
    const isOption = schedulerLine.test(this.line);
    const refusal = isOption ? findOptionLineRefusal(value, this.line) : undefined;
    if (refusal) {
      this.problems.push({ name, ...refusal });
      return '';
    }
    return !isOption && (this.line.startsWith('#!') || !plainWord.test(value)) ? `\${${name}}` : value;
  }
}

/** Lines that sbatch reads. */
const schedulerLine = /^\s*#(?:SBATCH|PBS|BSUB|DW|BB|STORAGE)\b/;

/** A value is one plain word there, of an option that the script names. */
function findOptionLineRefusal(value: string, line: string): Refusal | undefined {
  const remedy = 'Have the pattern capture a plain word, or give the option to resubmit as a modification.';
  const before = line.slice(findTail(line, /\S/));
  // Of longer lines only the beginning is known.
  if (!plainWord.test(value) || value.includes('=') || line.length >= enoughOfLine)
    return { reason: 'it stands in an #SBATCH line, and it is not a plain word', remedy };
  if (value === '')
    return { reason: 'it is empty, and sbatch would take the next word of the #SBATCH line for it', remedy };
  if (before === '' ? value.startsWith('-') : /^-$|^--[^=]*$/.test(before))
    return { reason: 'it could be taken for an option in an #SBATCH line', remedy };
  return undefined;
}
