// Which lines of a script are directives or login set-ups: inline ones, blocks that never swallow the program, and what looks like them.
import { loginSetupMarkerOf, loginSetupMarkers, markerOf, markers } from './directive/markers';
import { isNearMiss } from './nearMiss';
import { toProblem, type Problem } from './problem';
import { isWholeLine, ShellScanner, skipPlainLines } from './shellScanner';
import { lineEndOf, type Span } from './text';

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

/** Commands that run on the login node before the script is handed in. */
export interface LoginSetup {
  /** First and last line, those of the markers, from 1. */
  readonly line: number;
  readonly endLine: number;
  readonly span: Span;
  /** The lines between the markers. */
  readonly commands: string;
}

export interface FoundDirectives {
  readonly directives: readonly FoundDirective[];
  readonly loginSetups: readonly LoginSetup[];
  readonly problems: readonly Problem[];
  /** Every directive line is empty, its line end stays. */
  readonly cleanText: string;
}

const key = /^[A-Za-z_]\w*[ \t]*:(?:[ \t]|$)/;

export function findDirectives(script: string): FoundDirectives {
  return new Finder(script).find();
}

class Finder {
  /** Where each line begins. */
  private readonly starts: readonly number[];
  private readonly directives: FoundDirective[] = [];
  private readonly loginSetups: LoginSetup[] = [];
  private readonly problems: Problem[] = [];
  /** Numbers of lines, from 0. */
  private readonly blanked = new Set<number>();

  constructor(private readonly script: string) {
    const starts = [0];
    for (let at = script.indexOf('\n'); at !== -1; at = script.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  find(): FoundDirectives {
    // Most scripts have no directive: they cost one search.
    if (!/watcher|login_setup/i.test(this.script))
      return { directives: [], loginSetups: [], problems: this.findLineEnds(), cleanText: this.script };
    let shell = new ShellScanner();
    let followsQuotes = true;
    let quotedSince: number | undefined;
    const lineCount = this.starts.length;
    for (let at = 0; at < lineCount;) {
      if (shell.isAtRest) at = this.skipPlain(at);
      const line = this.lineAt(at);
      if (shell.inText) {
        this.noteTextLine(line);
        shell.take(`${line.text}\n`);
        at += 1;
      } else at = this.takeLine(at, line, shell);
      if (!followsQuotes) shell.dropQuotes();
      quotedSince = shell.isQuoted ? (quotedSince ?? at) : undefined;
      if (at >= lineCount && quotedSince !== undefined) {
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
      loginSetups: this.loginSetups,
      problems: [...this.findLineEnds(), ...this.problems],
      cleanText: this.clean(),
    };
  }

  private startOf(number: number): number {
    return this.starts[number] ?? this.script.length + 1;
  }

  private lineAt(number: number): Line {
    const { script } = this;
    const start = this.startOf(number);
    const end = this.startOf(number + 1) - 1;
    const bare = end > start && script.charCodeAt(end - 1) === 0x0d ? end - 1 : end;
    return { number, span: { start, end: bare }, text: script.slice(start, bare) };
  }

  /** The first line from `at` on that must be looked at. */
  private skipPlain(at: number): number {
    const behind = skipPlainLines(this.script, this.startOf(at));
    let next = at;
    while (this.startOf(next) < behind) next += 1;
    return next;
  }

  private forgetFrom(at: number): void {
    const start = this.startOf(at);
    const kept = this.problems.filter(({ span }) => span.start < start);
    this.problems.splice(0, this.problems.length, ...kept);
  }

  /** Takes what begins at this line of the program; gives the index of the line behind it. */
  private takeLine(at: number, line: Line, shell: ShellScanner): number {
    const trimmed = line.text.trim();
    const loginSetup = loginSetupMarkerOf(trimmed);
    if (loginSetup === 'begin') return this.takeLoginSetup(at, line);
    if (loginSetup === 'end') return this.takeStrayLoginSetupEnd(at, line);
    switch (markerOf(trimmed)) {
      case 'begin':
        return this.takeBlock(at, line);
      case 'inline':
        this.addInline(line);
        return at + 1;
      case 'end':
        this.blanked.add(line.number);
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
        this.blanked.add(line.number);
        this.problems.push(
          toProblem(
            'empty-block',
            trimmedSpan(line),
            'This directive is empty.',
            'Write at least a pattern after #WATCHER.',
            { fix: removal(line) },
          ),
        );
        return at + 1;
      case 'other':
        if (this.isNearMiss(line, trimmed)) this.noteNearMiss(line, trimmed);
        this.noteLoginSetupNearMiss(line, trimmed);
        if (!shell.isAtRest || !isWholeLine(line.text)) shell.take(`${line.text}\n`);
        return at + 1;
    }
  }

  private addInline(line: Line): void {
    this.blanked.add(line.number);
    this.directives.push({
      kind: 'inline',
      line: line.number + 1,
      endLine: line.number + 1,
      span: trimmedSpan(line),
      lines: [line],
    });
  }

  /** All up to its END, whatever it is; without one, the marker alone. */
  private takeLoginSetup(at: number, begin: Line): number {
    this.blanked.add(at);
    const content: Line[] = [];
    for (let number = at + 1; number < this.starts.length; number++) {
      const line = this.lineAt(number);
      const marker = loginSetupMarkerOf(line.text);
      if (marker === 'begin') break;
      if (marker === undefined) {
        content.push(line);
        continue;
      }
      for (const { number: own } of [...content, line]) this.blanked.add(own);
      for (const own of content) this.noteInLoginSetup(own);
      this.addLoginSetup(begin, line, content);
      return number + 1;
    }
    this.problems.push(
      toProblem(
        'login-setup',
        trimmedSpan(begin),
        `This login set-up has no ${loginSetupMarkers.end}: its commands would run in the job.`,
        `Write ${loginSetupMarkers.end} after its last command.`,
      ),
    );
    return at + 1;
  }

  private addLoginSetup(begin: Line, end: Line, content: readonly Line[]): void {
    const span = { start: trimmedSpan(begin).start, end: trimmedSpan(end).end };
    const commands = content.map(({ text }) => text).join('\n');
    if (/^[ \t]*[^\s#]/m.test(commands))
      this.loginSetups.push({ line: begin.number + 1, endLine: end.number + 1, span, commands });
    else
      this.problems.push(
        toProblem(
          'empty-block',
          trimmedSpan(begin),
          'This login set-up has no command.',
          'Write commands into it, or remove it.',
        ),
      );
  }

  /** It is blanked with its neighbours, and means nothing there. */
  private noteInLoginSetup(line: Line): void {
    const trimmed = line.text.trim();
    const isDirective = markerOf(trimmed) !== 'other';
    if (!isDirective && !/^#SBATCH\b/.test(trimmed)) return;
    this.problems.push(
      toProblem(
        'login-setup',
        trimmedSpan(line),
        `This is inside the login set-up, so ${isDirective ? 'it is not a directive' : 'sbatch does not read it'}.`,
        'Move it out of the login set-up.',
        { severity: 'warning' },
      ),
    );
  }

  private takeStrayLoginSetupEnd(at: number, line: Line): number {
    this.blanked.add(at);
    this.problems.push(
      toProblem(
        'stray-end',
        trimmedSpan(line),
        `This ${loginSetupMarkers.end} closes no login set-up.`,
        `Remove it, or write ${loginSetupMarkers.begin} before the commands.`,
        { fix: removal(line) },
      ),
    );
    return at + 1;
  }

  private noteLoginSetupNearMiss(line: Line, trimmed: string): void {
    const [, kind] = /^#[ \t]*login[_ -]setup[_ -](begin|end)$/i.exec(trimmed) ?? [];
    if (kind === undefined) return;
    const right = loginSetupMarkers[kind.toLowerCase() as keyof typeof loginSetupMarkers];
    const span = trimmedSpan(line);
    this.problems.push(
      toProblem(
        'near-miss',
        span,
        `This looks like the marker of a login set-up but is a plain comment: it is written "${right}".`,
        `Write ${right}.`,
        { fix: { title: `Write ${right}`, edits: [{ span, newText: right }] } },
      ),
    );
  }

  private takeBlock(at: number, begin: Line): number {
    const { last, end } = this.findBlockEnd(at);
    const content: Line[] = [];
    let lastLine = begin;
    this.blanked.add(begin.number);
    for (let number = at + 1; number <= last; number++) {
      const line = this.lineAt(number);
      const trimmed = line.text.trim();
      lastLine = line;
      if (markerOf(trimmed) === 'inline') this.addInline(line);
      else {
        this.blanked.add(number);
        if (this.isNearMiss(line, trimmed)) this.noteNearMiss(line, trimmed);
        else if (number !== end) content.push(line);
      }
    }
    const span = { start: trimmedSpan(begin).start, end: trimmedSpan(lastLine).end };
    if (end === undefined) this.reportOpenBlock(begin, last + 1, lastLine);
    if (content.some(({ text }) => /^(?!\s*##)[^]*[^\s#]/.test(text))) {
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
          'This block is empty.',
          'Write at least a pattern into it, or remove it.',
        ),
      );
    }
    return last + 1;
  }

  /** `next`: number of the line behind `last`. */
  private reportOpenBlock(begin: Line, nextNumber: number, last: Line): void {
    const fix = {
      title: 'Add #WATCHER_END',
      edits: [
        {
          span: { start: last.span.end, end: last.span.end },
          newText: `${lineEndOf(this.script)}${markers.end}`,
        },
      ],
    };
    const next = nextNumber < this.starts.length ? this.lineAt(nextNumber) : undefined;
    if (next && markerOf(next.text.trim()) === 'begin') {
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
          'Write #WATCHER_END after its last field.',
          { fix },
        ),
      );
    }
  }

  /** Numbers of the block's last line, and of its END where it has one. */
  private findBlockEnd(at: number): { readonly last: number; readonly end: number | undefined } {
    let firstBlank: number | undefined;
    let index = at + 1;
    for (; index < this.starts.length; index++) {
      const { text } = this.lineAt(index);
      const trimmed = text.trim();
      const kind = markerOf(trimmed);
      if (kind === 'end') return { last: index, end: index };
      if (kind === 'begin' || (kind === 'other' && !this.isContent(text, trimmed, index - 1))) break;
      if (trimmed === '') firstBlank ??= index;
    }
    let last = (firstBlank ?? index) - 1;
    while (last > at && this.lineAt(last).text.trim() === '') last -= 1;
    return { last, end: undefined };
  }

  /** Whether a line can be content of a block. */
  private isContent(text: string, trimmed: string, before: number): boolean {
    if (trimmed.startsWith('#')) return !/^#SBATCH\b/.test(trimmed);
    if (trimmed === '' || key.test(trimmed) || trimmed.startsWith('-')) return true;
    if (!/^\s/.test(text)) return false;
    const previous = this.lineAt(before).text.trim();
    return previous !== '' && !previous.startsWith('#');
  }

  private noteTextLine(line: Line): void {
    const trimmed = line.text.trim();
    const kind = markerOf(trimmed);
    if (kind !== 'inline' && kind !== 'begin') return;
    this.problems.push(
      toProblem(
        'directive-in-heredoc',
        trimmedSpan(line),
        'This is inside a text of the program (a here-document or a string), so it is not a directive of this script.',
        'Move it out of the text if this script is to be watched.',
      ),
    );
  }

  private isNearMiss({ number }: Line, trimmed: string): boolean {
    if (!/^#[ \t]*watcher/i.test(trimmed) || markerOf(trimmed) !== 'other') return false;
    return isNearMiss(trimmed, number + 1 < this.starts.length ? this.lineAt(number + 1).text : '');
  }

  private noteNearMiss(line: Line, trimmed: string): void {
    const marker = /^#[ \t]*watcher(?:_(begin|end)\b|[- ](begin|end)$|s?\s*:?\s*)/i.exec(trimmed);
    const kind = (marker?.[1] ?? marker?.[2])?.toLowerCase() as 'begin' | 'end' | undefined;
    const right = markers[kind ?? 'inline'];
    const { start } = trimmedSpan(line);
    const behind = kind === undefined ? '' : trimmed.slice(marker?.[0].length).trim();
    const { length } = marker?.[0] ?? '';
    const written = kind === undefined && length < trimmed.length ? `${right} ` : right;
    const newText =
      behind === ''
        ? written
        : `${right}${lineEndOf(this.script)}# ${kind === 'begin' ? 'name: ' : ''}${behind}`;
    const end = behind === '' ? start + length : trimmedSpan(line).end;
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
    for (const number of [...this.blanked].sort((a, b) => a - b)) {
      const { start, end } = this.lineAt(number).span;
      result += this.script.slice(from, start);
      from = end;
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
