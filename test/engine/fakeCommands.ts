// Commands of watchers on a fake clock: `echo`, `printf`, `seq`, `pwd`, `sleep`, `exit`, and `setsid sh -c '…' &`.
import { WatchError } from '../../engine/errors';
import type { ClusterCommand, CommandOutcome } from '../../engine/ports';
import type { FakeClock } from './fakeClock';

const toldBytes = 65_536;

export class FakeCommands {
  /** In the order in which they began. */
  readonly begun: ClusterCommand[] = [];
  /** By token; null: it will never run. */
  private readonly outcomes = new Map<string, Promise<CommandOutcome> | null>();

  constructor(
    private readonly clock: FakeClock,
    private readonly append: (path: string, text: string) => void,
  ) {}

  run(command: ClusterCommand): Promise<CommandOutcome> {
    const known = this.outcomes.get(command.token);
    if (known) return known;
    if (known === null)
      return Promise.reject(
        new WatchError('command-failed', 'The command was given up before it began.', 'It is tried again.'),
      );
    if (command.workdir.endsWith('/missing'))
      return Promise.reject(
        new WatchError('bad-request', `There is no ${command.workdir}.`, 'Make the folder again.'),
      );
    this.begun.push(command);
    const outcome = new Promise<CommandOutcome>((resolve) => {
      new Run(command, this.clock, { append: this.append, resolve }).start();
    });
    this.outcomes.set(command.token, outcome);
    return outcome;
  }

  async find(token: string): Promise<CommandOutcome | null> {
    const known = this.outcomes.get(token) ?? null;
    this.outcomes.set(token, known);
    return known;
  }
}

interface RunParts {
  readonly append: (path: string, text: string) => void;
  readonly resolve: (outcome: CommandOutcome) => void;
}

class Run {
  private output = '';
  private readonly since: number;
  private readonly cancels: (() => void)[] = [];
  private isOver = false;
  /** What goes on in the background. */
  private left = 0;

  constructor(
    private readonly command: ClusterCommand,
    private readonly clock: FakeClock,
    private readonly parts: RunParts,
  ) {
    this.since = clock.now();
  }

  start(): void {
    const { command, timeoutSeconds } = this.command;
    const callOff = this.clock.after(timeoutSeconds * 1000, () => {
      for (const cancel of this.cancels) cancel();
      this.end(143, true);
    });
    this.cancels.push(callOff);
    this.take(command.split(/\n|; (?![^']*')/), (code) => {
      callOff();
      this.end(code, false);
    });
  }

  private end(exitCode: number, timedOut: boolean): void {
    if (this.isOver) return;
    this.isOver = true;
    const seconds = Math.round((this.clock.now() - this.since) / 1000);
    const isLeft = this.left > 0 && !timedOut;
    this.parts.resolve({
      ...{ exitCode, timedOut, seconds, output: this.output.slice(-toldBytes) },
      ...(isLeft && { leavesProcesses: true }),
    });
  }

  private take(lines: readonly string[], onEnd: (code: number) => void): void {
    for (const [index, line] of lines.entries()) {
      const left = /^setsid sh -c '(.*)' &$/.exec(line)?.[1];
      const sleep = /^sleep (\d+(?:\.\d+)?)$/.exec(line)?.[1];
      const exit = /^exit (\d+)$/.exec(line)?.[1];
      if (left !== undefined) {
        this.left += 1;
        this.take(left.split('; '), () => (this.left -= 1));
      } else if (exit !== undefined) {
        onEnd(Number(exit));
        return;
      } else if (sleep === undefined) this.print(line);
      else {
        const goOn = (): void => {
          this.take(lines.slice(index + 1), onEnd);
        };
        this.cancels.push(this.clock.after(Number(sleep) * 1000, goOn));
        return;
      }
    }
    onEnd(0);
  }

  private print(line: string): void {
    const [, words = '', file] = /^echo (.*?)(?: >> "(.+)"| >&2)?$/.exec(line) ?? [];
    const { environment, workdir } = this.command;
    if (file !== undefined) this.parts.append(file, `${words}\n`);
    else if (line.startsWith('echo ')) {
      const text = words.startsWith('"')
        ? words.slice(1, -1).replaceAll(/\$(\w+)/g, (_, name: string) => environment[name] ?? '')
        : words.replaceAll("'", '');
      this.output += `${text}\n`;
    } else if (line === 'pwd') this.output += `${workdir}\n`;
    else if (line.startsWith('printf ')) this.output += 'a\ufffdb\n';
    else if (line.startsWith('seq '))
      this.output += Array.from({ length: Number(line.slice(4)) }, (_, number) => `${number + 1}\n`).join('');
  }
}
