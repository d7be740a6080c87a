// The judgement of actions that reach outside: what was really run, posted and mailed, against what events tell of it.
import { existsSync, readFileSync } from 'node:fs';
import type { WatchEvent } from '../../engine/model';
import type { Inbox } from './inbox';

/** Every so many lines, beginning early, so that jobs that end early have some; few enough for the limit of actions a minute. */
export const actsOn = (n: number): boolean => n % 50 === 20;

const select = `pattern="^L (\\d+) " captures=[n] condition="int(n) % 50 == 20" interval=1s`;

/** Each appends or sends its own number. A command takes long enough to be interrupted. */
export const toActingWatchers = (
  hasMailer: boolean,
): string => `#WATCHER name=command ${select} action=run_command(command="sleep 0.5; echo $n >> commands-$JOB_ID", timeout=60)
#WATCHER name=slack ${select} action=notify_slack(message="$JOB_ID $n")${
  hasMailer
    ? `\n#WATCHER name=mail ${select} action=notify_email(message="$JOB_ID $n", to="me@example.org")`
    : ''
}`;

const actingWatchers: readonly (string | null)[] = ['command', 'slack', 'mail', 'stop', 'again'];

/** Whether each trigger whose actions reach outside has been told the end of them. */
export const areSettled = (events: readonly WatchEvent[]): boolean =>
  actingWatchers.every((name) => {
    const own = events.filter(({ watcher }) => watcher === name);
    const triggers = own.filter(({ kind }) => kind === 'trigger');
    const ends = own.filter(({ kind, action }) => kind === 'action' || (kind === 'skip' && action !== null));
    return ends.length >= triggers.length;
  });

export interface OutsidePlace {
  /** Of the job. */
  readonly id: string;
  readonly events: readonly WatchEvent[];
  readonly last: number;
  /** What its commands have appended to. */
  readonly commandFile: string;
  readonly inbox: Inbox;
}

/** What the world says otherwise than the events. */
export function judgeOutside({ id, events, last, commandFile, inbox }: OutsidePlace): readonly string[] {
  const ran = readNumbers(commandFile);
  return [
    ...judge('command', (n) => ran.filter((number) => number === n).length),
    ...judge('slack', (n) => inbox.countPosts(`${id} ${n}`)),
    ...judge('mail', (n) => inbox.countMails(`${id} ${n}`)),
    ...ran.filter((n) => !actsOn(n)).map((n) => `job ${id}: a command of no trigger has run: ${n}`),
  ];

  function judge(watcher: string, countDone: (n: number) => number): readonly string[] {
    const own = events.filter((event) => event.watcher === watcher);
    const ends = own.filter(({ kind }) => kind === 'action');
    return Array.from({ length: last }, (_, index) => index + 1)
      .filter(actsOn)
      .flatMap((n) => {
        const [end, ...others] = ends.filter(({ captures }) => captures['n'] === String(n));
        const times = countDone(n);
        const told = end === undefined ? 'nothing' : `"${end.result}"`;
        const isWrong =
          times > 1 ||
          others.length > 0 ||
          (end === undefined && times > 0) ||
          (end?.success === true && times === 0) ||
          (end?.success === false && times > 0 && !mayHaveHappened.test(end.result));
        return isWrong ? [`job ${id}: ${watcher} ${n} was done ${times} times, and told is ${told}`] : [];
      });
  }
}

const mayHaveHappened = /not known|unknown|time limit|exit code/;

const readNumbers = (path: string): readonly number[] =>
  existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').map(Number) : [];
