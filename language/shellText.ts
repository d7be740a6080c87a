// Which lines of a script lie inside a here-document or inside quotes that span lines: text of the program.

interface HereDocument {
  readonly word: string;
  /** `<<-`: leading tabs are dropped. */
  readonly tabs: boolean;
}

type Context = 'double' | 'single' | 'ansi' | 'substitution' | 'arithmetic' | 'parenthesis' | 'backquote';

/** Follows bash's quoting line by line, as far as it decides where a text begins and ends. */
export class ShellText {
  private readonly contexts: Context[] = [];
  private documents: HereDocument[] = [];
  private pending: HereDocument[] = [];

  /** `quotes` false: quotes that span lines are not followed (a stray apostrophe must not swallow a script). */
  constructor(private readonly quotes = true) {}

  /** Whether the next line begins inside of a text. */
  get inText(): boolean {
    return this.documents.length > 0 || this.isQuoted;
  }

  get isQuoted(): boolean {
    return this.contexts.some(
      (context) => context === 'double' || context === 'single' || context === 'ansi',
    );
  }

  /** Takes the next line, without its line end. */
  take(line: string): void {
    const [document] = this.documents;
    if (document) {
      const text = document.tabs ? line.replace(/^\t+/, '') : line;
      if (text === document.word) this.documents.shift();
      return;
    }
    this.scan(line);
    this.documents = this.pending;
    this.pending = [];
    if (!this.quotes) while (this.isQuoted) this.contexts.pop();
  }

  private scan(line: string): void {
    for (let at = 0; at < line.length;) at = this.step(line, at);
  }

  /** Reads what stands at `at`; gives the index behind it. */
  private step(line: string, at: number): number {
    const top = this.contexts.at(-1);
    const character = line[at] ?? '';
    if (top === 'single') return this.closeAt(line, at, "'");
    if (top === 'ansi') return character === '\\' ? at + 2 : this.closeAt(line, at, "'");
    if (character === '\\') return at + 2;
    if (line.startsWith('$((', at)) return this.open('arithmetic', at + 3);
    if (line.startsWith('$(', at)) return this.open('substitution', at + 2);
    if (character === '`') return top === 'backquote' ? this.close(at + 1) : this.open('backquote', at + 1);
    if (top === 'double') return character === '"' ? this.close(at + 1) : at + 1;
    if (top === 'arithmetic') return line.startsWith('))', at) ? this.close(at + 2) : at + 1;
    return this.stepPlain(line, at, character);
  }

  private stepPlain(line: string, at: number, character: string): number {
    const top = this.contexts.at(-1);
    if (line.startsWith("$'", at)) return this.open('ansi', at + 2);
    if (character === "'") return this.open('single', at + 1);
    if (character === '"') return this.open('double', at + 1);
    if (line.startsWith('((', at)) return this.open('arithmetic', at + 2);
    if (character === '(') return this.open('parenthesis', at + 1);
    if (character === ')')
      return top === 'substitution' || top === 'parenthesis' ? this.close(at + 1) : at + 1;
    if (character === '#' && (at === 0 || /[\s;|&(]/.test(line[at - 1] ?? ''))) return line.length;
    if (line.startsWith('<<<', at)) return at + 3;
    if (line.startsWith('<<', at)) return this.readDocument(line, at + 2);
    return at + 1;
  }

  private open(context: Context, at: number): number {
    this.contexts.push(context);
    return at;
  }

  private close(at: number): number {
    this.contexts.pop();
    return at;
  }

  private closeAt(line: string, at: number, quote: string): number {
    return line[at] === quote ? this.close(at + 1) : at + 1;
  }

  private readDocument(line: string, at: number): number {
    const match = /(-?)[ \t]*("[^"]*"|'[^']*'|(?:\\.|[^\s;|&<>()"'\\`])+)/y;
    match.lastIndex = at;
    const found = match.exec(line);
    if (!found) return at;
    const [whole, dash, word = ''] = found;
    const plain = /^["']/.test(word) ? word.slice(1, -1) : word.replace(/\\(.)/g, '$1');
    this.pending.push({ word: plain, tabs: dash === '-' });
    return at + whole.length;
  }
}
