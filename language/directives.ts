// Which lines of a script are directives: inline ones, blocks that never swallow the program, and what looks like them.
import { toProblem, type Problem } from './problem';
import { isWholeLine, ShellScanner } from './shellScanner';
import type { Span } from './text';

export interface Line {
  /** From 0. */
  readonly number: number;
  readonly span: Span;
  /** Without the line end. */
  readonly text: string;
}

export interface FoundDirective {
  readonly kind: 'inline' | 'block';
  /** First and last line, from 1. */
  readonly line: number;
  readonly endLine: number;
  readonly span: Span;
  /** Inline: the line itself. Block: its content, without BEGIN, END and inline directives inside. */
  readonly lines: readonly Line[];
}

export interface FoundDirectives {
  readonly directives: readonly FoundDirective[];
  readonly problems: readonly Problem[];
  /** Every directive line is empty, its line end stays. */
  readonly cleanText: string;
}

type LineKind = 'begin' | 'end' | 'inline' | 'bare' | 'other';

function toKind(trimmed: string): LineKind {
  if (!trimmed.startsWith('#WATCHER')) return 'other';
  if (trimmed === '#WATCHER_BEGIN') return 'begin';
  if (trimmed === '#WATCHER_END') return 'end';
  if (trimmed === '#WATCHER') return 'bare';
  return /^#WATCHER[ \t]/.test(trimmed) ? 'inline' : 'other';
}

const nearMiss =
  /^#[ \t]*(?:watcher(?:_(?:begin|end)\b.*|[- ](?:begin|end)|[ \t]*:?[ \t]+\w+[ \t]*=.*)|watchers?:?[ \t]+pattern[ \t]*=.*)$|^#(?:[ \t]+WATCHER|watcher)$/i;
const key = /^[A-Za-z_]\w*[ \t]*:(?:[ \t]|$)/;

const isNearMiss = (trimmed: string): boolean =>
  !trimmed.startsWith('##') && toKind(trimmed) === 'other' && nearMiss.test(trimmed);

export function findDirectives(script: string): FoundDirectives {
  return new Finder(script).find();
}

function splitLines(script: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0, number = 0; start <= script.length; number++) {
    const newline = script.indexOf('\n', start);
    const end = newline === -1 ? script.length : newline;
    const bare = end > start && script[end - 1] === '\r' ? end - 1 : end;
    lines.push({ number, span: { start, end: bare }, text: script.slice(start, bare) });
    start = end + 1;
  }
  return lines;
}

class Finder {
  private readonly lines: readonly Line[];
  private readonly directives: FoundDirective[] = [];
  private readonly problems: Problem[] = [];
  private readonly blanked = new Set<Line>();

  constructor(private readonly script: string) {
    this.lines = splitLines(script);
  }

  find(): FoundDirectives {
    // Most scripts have no directive: they cost one search.
    if (!/watcher/i.test(this.script))
      return { directives: [], problems: this.findLineEnds(), cleanText: this.script };
    let shell = new ShellScanner();
    let followsQuotes = true;
    let quotedSince: number | undefined;
    for (let at = 0; at < this.lines.length;) {
      const line = this.lines[at];
      if (!line) break;
      if (shell.inText) {
        this.noteTextLine(line);
        shell.take(`${line.text}\n`);
        at += 1;
      } else at = this.takeLine(at, line, shell);
      if (!followsQuotes) shell.dropQuotes();
      quotedSince = shell.isQuoted ? (quotedSince ?? at) : undefined;
      if (at >= this.lines.length && quotedSince !== undefined) {
        // A quote that is never closed is an apostrophe: go back and follow quotes no longer.
        this.forgetFrom(quotedSince);
        at = quotedSince;
        quotedSince = undefined;
        shell = new ShellScanner();
        followsQuotes = false;
      }
    }
    return {
      directives: [...this.directives].sort((a, b) => a.line - b.line),
      problems: [...this.findLineEnds(), ...this.problems],
      cleanText: this.clean(),
    };
  }

  private forgetFrom(at: number): void {
    const start = this.lines[at]?.span.start ?? 0;
    const kept = this.problems.filter(({ span }) => span.start < start);
    this.problems.splice(0, this.problems.length, ...kept);
  }

  /** Takes what begins at this line of the program; gives the index of the line behind it. */
  private takeLine(at: number, line: Line, shell: ShellScanner): number {
    const trimmed = line.text.trim();
    switch (toKind(trimmed)) {
      case 'begin':
        return this.takeBlock(at, line);
      case 'inline':
        this.addInline(line);
        return at + 1;
      case 'end':
        this.blanked.add(line);
        this.problems.push(
          toProblem(
            'stray-end',
            trimmedSpan(line),
            'This #WATCHER_END closes no block.',
            'Remove it, or write #WATCHER_BEGIN before the fields.',
            { fix: removal(line) },
          ),
        );
        return at + 1;
      case 'bare':
        this.blanked.add(line);
        this.problems.push(
          toProblem(
            'empty-block',
            trimmedSpan(line),
            'This directive says nothing.',
            'Write at least a pattern behind #WATCHER.',
            { fix: removal(line) },
          ),
        );
        return at + 1;
      case 'other':
        if (trimmed.startsWith('#')) this.noteNearMiss(line, trimmed);
        if (!shell.isAtRest || !isWholeLine(line.text)) shell.take(`${line.text}\n`);
        return at + 1;
    }
  }

  private addInline(line: Line): void {
    this.blanked.add(line);
    this.directives.push({
      kind: 'inline',
      line: line.number + 1,
      endLine: line.number + 1,
      span: trimmedSpan(line),
      lines: [line],
    });
  }

  private takeBlock(at: number, begin: Line): number {
    const { last, end } = this.findBlockEnd(at);
    const content: Line[] = [];
    this.blanked.add(begin);
    for (const line of this.lines.slice(at + 1, last + 1)) {
      if (toKind(line.text.trim()) === 'inline') this.addInline(line);
      else {
        this.blanked.add(line);
        const trimmed = line.text.trim();
        if (isNearMiss(trimmed)) this.noteNearMiss(line, trimmed);
        else if (line !== end) content.push(line);
      }
    }
    const lastLine = this.lines[last] ?? begin;
    const span = { start: trimmedSpan(begin).start, end: trimmedSpan(lastLine).end };
    if (!end) this.reportOpenBlock(begin, this.lines[last + 1], lastLine);
    if (content.some(({ text }) => /[^\s#]/.test(text.replace(/^\s*##.*/, '')))) {
      this.directives.push({
        kind: 'block',
        line: begin.number + 1,
        endLine: last + 1,
        span,
        lines: content,
      });
    } else {
      this.problems.push(
        toProblem(
          'empty-block',
          trimmedSpan(begin),
          'This block says nothing.',
          'Write at least a pattern into it, or remove it.',
        ),
      );
    }
    return last + 1;
  }

  private reportOpenBlock(begin: Line, next: Line | undefined, last: Line): void {
    const fix = {
      title: 'Add #WATCHER_END',
      edits: [{ span: { start: last.span.end, end: last.span.end }, newText: '\n#WATCHER_END' }],
    };
    if (next && toKind(next.text.trim()) === 'begin') {
      this.problems.push(
        toProblem(
          'nested-block',
          trimmedSpan(next),
          'A block begins inside a block.',
          'Close the block above with #WATCHER_END.',
          { fix },
        ),
      );
    } else {
      this.problems.push(
        toProblem(
          'unterminated-block',
          trimmedSpan(begin),
          `This block has no #WATCHER_END; it is taken to end at line ${last.number + 1}.`,
          'Write #WATCHER_END behind its last field.',
          { fix },
        ),
      );
    }
  }

  /** Index of the block's last line, and its END where it has one. */
  private findBlockEnd(at: number): { readonly last: number; readonly end: Line | undefined } {
    let firstBlank: number | undefined;
    let index = at + 1;
    for (; index < this.lines.length; index++) {
      const line = this.lines[index];
      if (!line) break;
      const trimmed = line.text.trim();
      const kind = toKind(trimmed);
      if (kind === 'end') return { last: index, end: line };
      if (kind === 'begin' || (kind === 'other' && !this.isContent(line, trimmed, index - 1))) break;
      if (trimmed === '') firstBlank ??= index;
    }
    let last = (firstBlank ?? index) - 1;
    while (last > at && (this.lines[last]?.text.trim() ?? '') === '') last -= 1;
    return { last, end: undefined };
  }

  /** Whether a line can be content of a block. */
  private isContent({ text }: Line, trimmed: string, before: number): boolean {
    if (trimmed.startsWith('#')) return !/^#SBATCH\b/.test(trimmed);
    if (trimmed === '' || key.test(trimmed) || trimmed.startsWith('-')) return true;
    const previous = this.lines[before]?.text ?? '';
    return /^\s/.test(text) && !previous.trim().startsWith('#') && previous.trim() !== '';
  }

  private noteTextLine(line: Line): void {
    const trimmed = line.text.trim();
    const kind = toKind(trimmed);
    if (kind !== 'inline' && kind !== 'begin') return;
    this.problems.push(
      toProblem(
        'directive-in-heredoc',
        trimmedSpan(line),
        'This stands inside a text of the program (a here-document or a string): it is no directive of this script.',
        'Move it out of the text if this script shall be watched.',
      ),
    );
  }

  private noteNearMiss(line: Line, trimmed: string): void {
    if (!isNearMiss(trimmed)) return;
    const marker = /^#[ \t]*watcher(?:_(begin|end)\b|[- ](begin|end)$|s?:?)/i.exec(trimmed);
    const kind = (marker?.[1] ?? marker?.[2])?.toUpperCase();
    const right = kind === undefined ? '#WATCHER' : `#WATCHER_${kind}`;
    const { start } = trimmedSpan(line);
    const behind = kind === undefined ? '' : trimmed.slice(marker?.[0].length).trim();
    const newText = behind === '' ? right : `${right}\n# ${kind === 'BEGIN' ? 'name: ' : ''}${behind}`;
    const end = behind === '' ? start + (marker?.[0].length ?? 0) : trimmedSpan(line).end;
    this.problems.push(
      toProblem(
        'near-miss',
        trimmedSpan(line),
        `This looks like a directive but is a plain comment: a directive is written "${right}"${behind === '' ? '' : ' alone on its line'}.`,
        `Write ${right}.`,
        {
          fix: { title: `Write ${right}`, edits: [{ span: { start, end }, newText }] },
        },
      ),
    );
  }

  private findLineEnds(): Problem[] {
    const at = this.script.indexOf('\r\n');
    if (at === -1) return [];
    const edits = [...this.script.matchAll(/\r\n/g)].map(({ index }) => ({
      span: { start: index, end: index + 2 },
      newText: '\n',
    }));
    const fix = { title: 'Use Unix line ends', edits };
    return [
      toProblem(
        'crlf-script',
        { start: at, end: at + 1 },
        'The script has Windows line ends, which sbatch refuses.',
        'Save it with Unix line ends (LF).',
        { fix },
      ),
    ];
  }

  private clean(): string {
    let result = '';
    let from = 0;
    for (const line of [...this.blanked].sort((a, b) => a.number - b.number)) {
      result += this.script.slice(from, line.span.start);
      from = line.span.end;
    }
    return result + this.script.slice(from);
  }
}

function trimmedSpan({ span, text }: Line): Span {
  return {
    start: span.start + text.length - text.trimStart().length,
    end: span.end - (text.length - text.trimEnd().length),
  };
}

const removal = ({ span }: Line): { title: string; edits: { span: Span; newText: string }[] } => ({
  title: 'Remove it',
  edits: [{ span, newText: '' }],
});
