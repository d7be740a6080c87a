// Reads a command that is one simple command, as strictly as consent needs it; what else a shell would do in it is named.
import { deepestWord, findVariables } from '../template';

/** What makes a command more than one program with plain words. */
export type Construct =
  | 'expansion'
  | 'substitution'
  | 'operator'
  | 'redirection'
  | 'glob'
  | 'brace'
  | 'tilde'
  | 'comment'
  | 'negation'
  | 'joined-line'
  | 'unseen'
  | 'unfinished';

export interface SimpleWord {
  /** As its program gets it, without what captures put in. */
  text: string;
  /** Whether a capture stands in it. */
  hasValue: boolean;
  readonly start: number;
}

export interface SimpleCommand {
  readonly words: readonly SimpleWord[];
  /** The first of each kind, with its place. */
  readonly constructs: ReadonlyMap<Construct, number>;
  /** Whether words are there or not by what a capture holds: `${x:+word}`. */
  readonly isConditional: boolean;
}

const signs: Readonly<Record<string, Construct>> = {
  $: 'expansion',
  '`': 'substitution',
  ';': 'operator',
  '&': 'operator',
  '|': 'operator',
  '(': 'operator',
  ')': 'operator',
  '\n': 'operator',
  '<': 'redirection',
  '>': 'redirection',
  '*': 'glob',
  '?': 'glob',
  '[': 'glob',
  ']': 'glob',
  '{': 'brace',
  '}': 'brace',
  '~': 'tilde',
};

/** Characters that nobody sees, or that show a text in another order; blanks that are none to a shell. Not those of emoji. */
export const unseen =
  /(?!\t|\n| |\u200d|\ufe0f)[\p{Cc}\p{Cf}\p{Z}\p{Surrogate}\p{Default_Ignorable_Code_Point}\u2800]/u;

class SimpleReader {
  readonly words: SimpleWord[] = [];
  readonly constructs = new Map<Construct, number>();
  isConditional = false;
  private word: SimpleWord | undefined;
  private quote: "'" | '"' | undefined;
  private escaped = false;

  constructor(private readonly isKnown: (name: string) => boolean) {}

  read(text: string, start: number, depth = 0): void {
    let from = 0;
    for (const use of depth > deepestWord ? [] : findVariables(text)) {
      this.readPlain(text.slice(from, use.start), start + from);
      from = use.start;
      if (this.escaped || !this.isKnown(use.name)) continue;
      this.open(start + use.start).hasValue = true;
      if (use.operator !== undefined) {
        this.isConditional = true;
        this.read(use.word, start + use.wordStart, depth + 1);
      }
      from = use.end;
    }
    this.readPlain(text.slice(from), start + from);
  }

  finish(length: number): SimpleCommand {
    if (this.quote !== undefined || this.escaped) this.note('unfinished', length);
    const { words, constructs, isConditional } = this;
    return { words, constructs, isConditional };
  }

  private note(construct: Construct, at: number): void {
    if (!this.constructs.has(construct)) this.constructs.set(construct, at);
  }

  private open(at: number): SimpleWord {
    if (!this.word) {
      this.word = { text: '', hasValue: false, start: at };
      this.words.push(this.word);
    }
    return this.word;
  }

  private readPlain(text: string, start: number): void {
    for (let index = 0; index < text.length; index += 1) this.take(text[index] ?? '', start + index);
  }

  private take(character: string, at: number): void {
    if (this.escaped) this.takeEscaped(character, at);
    else if (this.quote === "'") {
      if (character === "'") this.quote = undefined;
      else this.open(at).text += character;
    } else if (character === '\\') {
      this.escaped = true;
      this.open(at);
    } else if (this.quote === '"') {
      if (character === '"') this.quote = undefined;
      else {
        const construct = character === '$' || character === '`' ? signs[character] : undefined;
        if (construct) this.note(construct, at);
        this.open(at).text += character;
      }
    } else this.takeBare(character, at);
  }

  private takeEscaped(character: string, at: number): void {
    this.escaped = false;
    if (character === '\n') this.note('joined-line', at);
    else {
      const isKept = this.quote === '"' && !/[$`"\\]/.test(character);
      this.open(at).text += (isKept ? '\\' : '') + character;
    }
  }

  private takeBare(character: string, at: number): void {
    if (character === ' ' || character === '\t') {
      this.word = undefined;
      return;
    }
    const isFirst = this.word === undefined;
    const construct = Object.hasOwn(signs, character) ? signs[character] : undefined;
    if (construct) this.note(construct, at);
    if (isFirst && character === '#') this.note('comment', at);
    if (isFirst && character === '!') this.note('negation', at);
    const word = this.open(at);
    if (character === "'" || character === '"') this.quote = character;
    else word.text += character;
  }
}

export function readSimpleCommand(command: string, isKnown: (name: string) => boolean): SimpleCommand {
  const reader = new SimpleReader(isKnown);
  const found = unseen.exec(command);
  if (found) reader.constructs.set('unseen', found.index);
  reader.read(command, 0);
  return reader.finish(command.length);
}
