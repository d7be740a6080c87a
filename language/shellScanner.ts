// Follows a shell's text character by character: which quotes, substitutions, comments and here-documents are open.

interface HereDocument {
  readonly word: string;
  /** `<<-`: leading tabs are dropped. */
  readonly tabs: boolean;
}

type FrameKind =
  | 'command'
  | 'substitution'
  | 'parenthesis'
  | 'double'
  | 'single'
  | 'ansi'
  | 'arithmetic'
  | 'backquote'
  | 'expansion'
  | 'comment';

interface Frame {
  readonly kind: FrameKind;
  /** Of arithmetic: open parentheses. */
  depth: number;
  /** Of a command: its finished words, then the one that is being read; quotes are gone, values are `\0`. */
  words: string[];
  word: string | undefined;
  /**
   * Where in that word the text begins that surely is before what comes next, in the same word; undefined if there may be
   * none: expansions can be empty, and split a word.
   */
  firmFrom: number | undefined;
  /** Whether a `{` stood in it before it was firm: Bash makes several words of it. */
  isBraced: boolean;
  /** Whether that word is where a `>` or `<` leads, or which stream a `>&` or `<&` copies. */
  redirection: 'file' | 'stream' | undefined;
  /** Of `${…}`: whether what follows its operator is a word (`:-`), not a pattern. */
  readonly takesWord: boolean;
  /** The command that it belongs to; undefined for a command itself. */
  readonly owner: Frame | undefined;
  /** Whether it is, or stands in, quotes of any kind; double quotes of its command; back-quotes. */
  readonly isQuoted: boolean;
  readonly isInDouble: boolean;
  readonly isInBackquote: boolean;
  /** Whether it is an expansion, or a part of one: what stands there may come to nothing. */
  readonly isLoose: boolean;
}

/** Where the next character stands, and so how data must be written there. */
export type ShellPlace =
  /** Outside of quotes; `braces`: in the word of a `${…:-…}` inside double quotes. */
  | 'plain'
  | 'double'
  | 'single'
  | 'ansi'
  | 'braces'
  | 'comment'
  | 'arithmetic'
  | 'backquote'
  | 'document'
  /** Where shells differ, or where the text is read as a program again: a plain word at most. */
  | 'unsure';

const ordinary: Readonly<Partial<Record<FrameKind, RegExp>>> = {
  double: /[^\\$`"]+/y,
  expansion: /[^\\$`"'}]+/y,
  single: /[^']+/y,
  ansi: /[^\\']+/y,
  comment: /[^\n]+/y,
  backquote: /[^\\`]+/y,
};
const ordinaryWord = /[^\\$`"'#;&|<>(){}\s]+/y;
const documentStart = /<<(-?)[ \t]*("[^"\n]*"|'[^'\n]*'|(?:\\.|[^\s;|&<>()"'\\`])+)/y;
const redirectionStart = /<<<|<<|[<>][(&>|]?/y;
const looseKinds: ReadonlySet<FrameKind> = new Set(['expansion', 'arithmetic', 'backquote']);
/** So many quotes and substitutions in each other are looked through. */
const deepest = 100;
/** Words behind which a command begins anew. */
export const reserved: ReadonlySet<string> = new Set([
  'then',
  'do',
  'else',
  'elif',
  'if',
  'while',
  'until',
  'time',
  '!',
  '{',
  '}',
]);

/** What a caller may learn while a text is scanned. */
export interface ShellListener {
  /** A simple command has ended, in the order of the ends. */
  command?(words: readonly string[]): void;
  /** A name that a `${name:=…}` or an arithmetic expression assigns. */
  assigned?(name: string): void;
}

/** Bash's and POSIX's lexical rules, as far as they decide how a text is quoted; takes text in pieces. */
export class ShellScanner {
  private readonly frames: Frame[] = [];
  private documents: HereDocument[] = [];
  private pending: HereDocument[] = [];
  private documentLine = '';
  private escaped = false;
  private dollar = false;
  private doubtful = false;
  /** Behind a here-document whose word is not known. */
  private lost = false;

  constructor(private readonly listener: ShellListener = {}) {
    this.push('command');
  }

  /** Whether the last character was a backslash that takes the next one. */
  get isEscaped(): boolean {
    return this.escaped;
  }

  /** Whether the last character was a `$` that the next one would join. */
  get isBehindDollar(): boolean {
    return this.dollar;
  }

  /** Whether what comes next is text of the program: a here-document, or a string over several lines. */
  get inText(): boolean {
    return this.inDocument || this.isQuoted;
  }

  get isQuoted(): boolean {
    return this.frames.at(-1)?.isQuoted ?? false;
  }

  /** The finished words of the simple command. */
  get words(): readonly string[] {
    return this.command.words;
  }

  /** What there is of its next word. */
  get word(): string {
    return this.command.word ?? '';
  }

  /** What there is of the words that it stands in, the outermost first: of the command that a substitution is part of, too. */
  get openWords(): readonly string[] {
    return this.frames
      .slice(-deepest)
      .filter(isCommand)
      .map(({ word = '' }) => word);
  }

  /** Whether what comes next may be the beginning of a word, whatever the expansions before it come to. */
  get beginsWord(): boolean {
    return this.command.firmFrom === undefined;
  }

  /** What surely is before it in the same word; of expansions, a "$" and some text. */
  get wordBeginning(): string {
    const { word = '', firmFrom = word.length } = this.command;
    return word.slice(firmFrom);
  }

  /** Whether the next word is no word of the command, but where a redirection leads. */
  get redirection(): 'file' | 'stream' | undefined {
    return this.command.redirection;
  }

  /** As it is where the output of the innermost substitution goes to; undefined outside of all. Nothing may be fed to it. */
  get around(): ShellScanner | undefined {
    for (let at = this.frames.length - 1; at > 0; at -= 1) {
      const kind = this.frames[at]?.kind;
      if (kind !== 'substitution' && kind !== 'parenthesis') continue;
      const outer = new ShellScanner();
      outer.frames.splice(0, 1, ...this.frames.slice(0, at));
      // Parentheses by themselves are no substitution.
      if (outer.command.word !== undefined) return outer;
    }
    return undefined;
  }

  get place(): ShellPlace {
    if (this.inDocument || this.lost) return 'document';
    if (this.top.isInBackquote) return 'backquote';
    const { kind, takesWord } = this.top;
    if (kind === 'comment' || kind === 'arithmetic') return kind;
    if (this.doubtful || (kind === 'expansion' && !takesWord)) return 'unsure';
    if (kind === 'double' || kind === 'single' || kind === 'ansi') return kind;
    return kind === 'expansion' && this.isInDouble ? 'braces' : 'plain';
  }

  /** Whether it stands as it began: between two commands, with nothing open. */
  get isAtRest(): boolean {
    const isOpen = this.frames.length > 1 || this.documents.length > 0 || this.pending.length > 0;
    const isWithin = this.escaped || this.dollar || this.doubtful || this.lost;
    const { words, word } = this.top;
    return !isOpen && !isWithin && words.length === 0 && word === undefined;
  }

  /** Forgets quotes that are open. */
  dropQuotes(): void {
    while (this.isQuoted) this.frames.pop();
  }

  take(text: string): void {
    for (let at = 0; at < text.length;) {
      if (this.escaped) {
        // A backslash before a line end joins two lines: both are gone.
        if (text[at] !== '\n' || this.top.kind === 'ansi') this.addToWord(text[at] ?? '');
        this.escaped = false;
        at += 1;
      } else at = this.inDocument ? this.takeDocument(text, at) : this.step(text, at);
    }
  }

  /** Something is inserted here that is not part of the text. */
  takeValue(isEmpty = false): void {
    this.dollar = false;
    if (this.inDocument) this.documentLine += '\0';
    this.addToWord(isEmpty ? '' : '\0');
  }

  /** Ends the last command. */
  finish(): void {
    this.endCommand();
  }

  private get inDocument(): boolean {
    return this.documents.length > 0;
  }

  private get top(): Frame {
    return this.frames.at(-1) ?? this.push('command');
  }

  private get command(): Frame {
    return this.top.owner ?? this.top;
  }

  private get isInDouble(): boolean {
    return this.top.isInDouble;
  }

  private push(kind: FrameKind, takesWord = false): Frame {
    const outer = this.frames.at(-1);
    const isOwn = isCommandKind(kind);
    const frame: Frame = {
      kind,
      depth: 0,
      words: [],
      word: undefined,
      firmFrom: undefined,
      isBraced: false,
      redirection: undefined,
      takesWord,
      owner: isOwn ? undefined : (outer?.owner ?? outer),
      isQuoted: kind === 'double' || kind === 'single' || kind === 'ansi' || (outer?.isQuoted ?? false),
      isInDouble: kind === 'double' || (!isOwn && (outer?.isInDouble ?? false)),
      isInBackquote: kind === 'backquote' || (outer?.isInBackquote ?? false),
      isLoose: looseKinds.has(kind) || (!isOwn && (outer?.isLoose ?? false)),
    };
    this.frames.push(frame);
    return frame;
  }

  private open(kind: FrameKind, at: number): number {
    this.push(kind);
    return at;
  }

  private close(at: number): number {
    if (isCommand(this.top)) this.endCommand();
    const closed = this.frames.pop();
    const { top } = this;
    // The pattern of a `case` may stand in parentheses: a command begins after them.
    if (closed?.kind === 'parenthesis' && top.words[0] === 'case' && top.words.includes('in'))
      this.endCommand();
    return at;
  }

  private addToWord(text: string, firm = text): void {
    const { command } = this;
    const word = (command.word ?? '') + text;
    command.word = word;
    if (firm !== '' && !command.isBraced && !this.top.isLoose) command.firmFrom ??= word.length - firm.length;
  }

  /** What may come to nothing, and splits the word here unless it is quoted. */
  private addExpansion(): void {
    this.addToWord('$', '');
    if (!this.isInDouble) this.command.firmFrom = undefined;
  }

  private endWord(): void {
    const { top } = this;
    if (top.word === undefined) return;
    if (top.redirection !== undefined) top.redirection = undefined;
    else if (top.word === '{' || isLoopHead(top)) top.words = [];
    else if (top.words.length > 0 || !reserved.has(top.word)) top.words.push(top.word);
    this.dropWord();
    // A pattern of `case` ends with a parenthesis that closes nothing.
    if (top.words[0] === 'case' && this.frames.length > 1) this.doubtful = true;
  }

  private dropWord(): void {
    const { top } = this;
    top.word = undefined;
    top.firmFrom = undefined;
    top.isBraced = false;
  }

  private endCommand(): void {
    this.endWord();
    const { top } = this;
    top.redirection = undefined;
    if (top.words.length > 0) this.listener.command?.(top.words);
    top.words = [];
  }

  private takeDocument(text: string, at: number): number {
    const newline = text.indexOf('\n', at);
    this.documentLine += text.slice(at, newline === -1 ? text.length : newline);
    if (newline === -1) return text.length;
    const [document] = this.documents;
    const line = document?.tabs ? this.documentLine.replace(/^\t+/, '') : this.documentLine;
    if (line.replace(/\r$/, '') === document?.word) this.documents.shift();
    this.documentLine = '';
    return newline + 1;
  }

  /** Reads what stands at `at`; gives the index behind it. */
  private step(text: string, at: number): number {
    const { kind } = this.top;
    const isName = this.dollar;
    this.dollar = false;
    const run = this.takeOrdinary(text, at, kind, isName);
    if (run !== at) return run;
    const character = text[at] ?? '';
    if (kind === 'single') return this.close(at + 1);
    if (kind === 'comment') return this.close(at);
    if (character === '\\') return this.escape(text, at);
    if (kind === 'ansi' || kind === 'backquote') return this.close(at + 1);
    if (character === '$') return this.stepDollar(text, at);
    if (character === '`') {
      this.addExpansion();
      return this.open('backquote', at + 1);
    }
    if (kind === 'double') return this.close(at + 1);
    if (kind === 'arithmetic') return this.stepArithmetic(text, at);
    return kind === 'expansion' ? this.stepExpansion(character, at) : this.stepCommand(text, at, character);
  }

  /** `isName`: whether it goes on behind a `$`. */
  private takeOrdinary(text: string, at: number, kind: FrameKind, isName: boolean): number {
    const run = kind === 'arithmetic' ? undefined : (ordinary[kind] ?? ordinaryWord);
    if (!run) return at;
    run.lastIndex = at;
    const found = run.exec(text)?.[0];
    if (found === undefined) return at;
    if (kind !== 'comment') this.addToWord(found, isName ? found.replace(/^\w+/, '') : found);
    return at + found.length;
  }

  private escape(text: string, at: number): number {
    // Bash's `$'…\'…'` goes on where other shells see its end.
    if (this.top.kind === 'ansi' && text[at + 1] === "'") this.doubtful = true;
    this.escaped = true;
    return at + 1;
  }

  private stepDollar(text: string, at: number): number {
    this.addExpansion();
    if (text.startsWith('$((', at)) return this.open('arithmetic', at + 3);
    if (text.startsWith('$(', at)) return this.open('substitution', at + 2);
    if (text.startsWith('${', at)) return this.openExpansion(text, at);
    if (text.startsWith("$'", at) && isCommand(this.top)) return this.open('ansi', at + 2);
    const special = /\$[$#?!*@\d-]/y;
    special.lastIndex = at;
    if (special.test(text)) return at + 2;
    this.dollar = true;
    return at + 1;
  }

  private openExpansion(text: string, at: number): number {
    const head = /\$\{([A-Za-z_]\w*|[\d@*#?$!-])(?:\[[^\]]*\])?(:?[-+=?])/y;
    head.lastIndex = at;
    const found = head.exec(text);
    if (found?.[2]?.endsWith('=') && found[1] !== undefined) this.listener.assigned?.(found[1]);
    this.push('expansion', found !== null);
    // Behind the operator, or behind `${`: `${#x}` has no comment.
    return at + (found?.[0].length ?? Math.min(3, text.length - at));
  }

  private stepExpansion(character: string, at: number): number {
    if (character === '}') return this.close(at + 1);
    // Inside double quotes, shells differ in what quotes mean here.
    if (this.isInDouble) this.doubtful = true;
    else return this.open(character === '"' ? 'double' : 'single', at + 1);
    return at + 1;
  }

  private stepArithmetic(text: string, at: number): number {
    const { top } = this;
    const character = text[at];
    if (character === '(') top.depth += 1;
    else if (character === ')' && top.depth > 0) top.depth -= 1;
    else if (text.startsWith('))', at)) return this.close(at + 2);
    else if (character === ')') {
      // No arithmetic at all, but commands in parentheses in parentheses.
      this.doubtful = true;
      this.frames.pop();
      return this.open('parenthesis', at + 1);
    }
    const assigned = /([A-Za-z_]\w*)\s*(?:\+\+|--|(?:[-+*/%&|^]|<<|>>)?=(?!=))|(?:\+\+|--)\s*([A-Za-z_]\w*)/y;
    assigned.lastIndex = at;
    const found = /\w/.test(text[at - 1] ?? '') ? null : assigned.exec(text);
    const name = found?.[1] ?? found?.[2];
    if (name !== undefined) this.listener.assigned?.(name);
    return at + (found?.[0].length ?? 1);
  }

  private stepCommand(text: string, at: number, character: string): number {
    switch (character) {
      case "'":
        this.addToWord('');
        return this.open('single', at + 1);
      case '"':
        this.addToWord('');
        return this.open('double', at + 1);
      case '\n':
        this.endCommand();
        this.documents = this.pending;
        this.pending = [];
        return at + 1;
      case ';':
      case '&':
      case '|':
        // Where Bash redirects with `&>`, other shells end this command and redirect the next one: so it is read.
        this.endCommand();
        return at + 1;
      case '(':
        if (text.startsWith('((', at) && this.top.word === undefined) return this.open('arithmetic', at + 2);
        // A function's parentheses end its name; those of an array belong to its assignment.
        if (this.top.word?.endsWith('=')) {
          this.push('parenthesis').words.push('=');
          return at + 1;
        }
        if (this.top.word !== undefined) this.endCommand();
        return this.open('parenthesis', at + 1);
      case ')':
        if (this.top.kind !== 'command') return this.close(at + 1);
        this.endCommand();
        return at + 1;
      case '#':
        if (this.top.word === undefined) return this.open('comment', at + 1);
        this.addToWord('#');
        return at + 1;
      case '<':
      case '>':
        return this.stepRedirection(text, at);
      case '{':
        if (this.top.firmFrom === undefined) this.top.isBraced = true;
        this.addToWord(character);
        return at + 1;
      case '}':
        this.addToWord(character);
        return at + 1;
      default:
        this.endWord();
        return at + 1;
    }
  }

  private stepRedirection(text: string, at: number): number {
    // Which stream is meant: `2>`, `{log}>`.
    if (/^(?:\d+|\{\w+\})$/.test(this.top.word ?? '')) this.dropWord();
    redirectionStart.lastIndex = at;
    const operator = redirectionStart.exec(text)?.[0] ?? '';
    if (operator.endsWith('(')) {
      this.addExpansion();
      return this.open('parenthesis', at + 2);
    }
    this.endWord();
    if (operator === '<<') return this.stepDocument(text, at);
    this.top.redirection = operator.endsWith('&') ? 'stream' : 'file';
    return at + operator.length;
  }

  private stepDocument(text: string, at: number): number {
    documentStart.lastIndex = at;
    const found = documentStart.exec(text);
    if (!found) {
      // Its word is no plain text: nobody knows where it ends.
      this.lost = true;
      return at + 2;
    }
    const [whole, dash, word = ''] = found;
    const plain = /^["']/.test(word) ? word.slice(1, -1) : word.replace(/\\(.)/g, '$1');
    this.pending.push({ word: plain, tabs: dash === '-' });
    return at + whole.length;
  }
}

const isCommandKind = (kind: FrameKind): boolean =>
  kind === 'command' || kind === 'substitution' || kind === 'parenthesis';

const isCommand = ({ kind }: Frame): boolean => isCommandKind(kind);

/** `for name do`: a loop without a list. */
const isLoopHead = ({ words, word }: Frame): boolean =>
  word === 'do' && words.length === 2 && (words[0] === 'for' || words[0] === 'select');

/** What leaves a scanner as it was: plain characters, closed quotes, values, and substitutions of nothing else. */
const value = /\$(?:\w|\{\w+\}|[$#?!*@-])/.source;
const closedQuote = `'[^'\n]*'|"(?:[^"\\\\$\`\n]|\\\\[^\n]|${value})*"`;
/** In `case … in a)` a parenthesis closes nothing. */
const substitution = `\\$\\((?![^)\n]*case)(?:[^\\\\'"$\`#()<\n]|${closedQuote}|${value})*\\)`;
const plainPieces = `(?:[^\\\\'"$\`#(<\n]|\\\\[^\n]|${closedQuote}|${value}|${substitution}|\\(\\))*(?:[ \t]#[^\n]*)?`;
/** A comment, or a line that has nothing to open. */
const plainLine = new RegExp(`^(?:[ \t]*#[^\n]*|${plainPieces})$`);
/**
 * So many lines at once, each plain and no comment: it leaves a scanner at rest at rest, and is no directive. Bounded, as a
 * search remembers every character that it may come back to.
 */
const plainLines = new RegExp(`(?:(?![^\\S\n]*#)${plainPieces}\n){1,40}`, 'y');

/** Index behind the plain lines that begin at `at`, the start of a line. */
export function skipPlainLines(text: string, at: number): number {
  for (let end = at; ;) {
    plainLines.lastIndex = end;
    if (!plainLines.test(text)) return end;
    end = plainLines.lastIndex;
  }
}

const knownLines = new Map<string, boolean>();
/** So many lines are remembered. */
const knownLimit = 50_000;

/** Whether a line leaves a scanner that is at rest at rest: most lines of a script do, and need not be scanned again. */
export function isWholeLine(line: string): boolean {
  if (plainLine.test(line)) return true;
  let isWhole = knownLines.get(line);
  if (isWhole === undefined) {
    const scanner = new ShellScanner();
    scanner.take(`${line}\n`);
    isWhole = scanner.isAtRest;
    if (knownLines.size >= knownLimit) knownLines.clear();
    knownLines.set(line, isWhole);
  }
  return isWhole;
}
