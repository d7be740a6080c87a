// The face of the language: a script's text to its watchers, its problems and what sbatch gets.
import { append } from './append';
import { defaultAllowedCommands } from './allowedCommands';
import type { Surroundings } from './bind';
import { findBodyNames, type BodyNames } from './bodyNames';
import type { Definition } from './definition';
import type { Directive } from './directive';
import { createDirectiveReader, readDirective } from './directiveReader';
import { findDirectives, type LoginSetup } from './directives';
import type { Problem } from './problem';
import { findIgnored } from './ssyncReading';
import { WatcherNames } from './watcherNames';

export interface ScriptWatcher {
  readonly definition: Definition;
  /** First and last line of the directive, from 1. */
  readonly line: number;
  readonly endLine: number;
  readonly directive: Directive;
}

export interface Script {
  /** In the order of their first lines. */
  readonly watchers: readonly ScriptWatcher[];
  /** In the order of their places. */
  readonly problems: readonly Problem[];
  /** What is handed to sbatch: directive lines are empty, all else stays byte for byte. */
  readonly cleanText: string;
  readonly directives: readonly Directive[];
  readonly loginSetups: readonly LoginSetup[];
}

/** What runs on the login node before the script is handed in: all of its login set-ups, in their order; null: nothing. */
export const findLoginCommands = ({ loginSetups }: Pick<Script, 'loginSetups'>): string | null =>
  loginSetups.length === 0 ? null : loginSetups.map(({ commands }) => commands).join('\n');

export interface ParseOptions {
  /** Names of commands that run without consent; where absent, the default list. */
  readonly allowedCommands?: readonly string[];
  /** Whether to say what ssync would drop. */
  readonly ssync?: boolean;
}

/** Never throws: what cannot be read is a problem. */
export const parseScript = (text: string, options: ParseOptions = {}): Script =>
  readScript(text, options, readDirective);

/** For a script that changes: gives what parseScript gives, and reads only directives that are new. */
export function createScriptReader(options: ParseOptions = {}): (text: string) => Script {
  const reader = createDirectiveReader();
  return (text) => {
    reader.begin();
    return readScript(text, options, reader.read);
  };
}

function readScript(text: string, options: ParseOptions, read: typeof readDirective): Script {
  const found = findDirectives(text);
  let bodyNames: BodyNames | undefined;
  const surroundings: Surroundings = {
    allowedCommands: options.allowedCommands ?? defaultAllowedCommands,
    body: () => (bodyNames ??= findBodyNames(found.cleanText)),
  };
  const problems: Problem[] = [...found.problems];
  const watchers: ScriptWatcher[] = [];
  const directives: Directive[] = [];
  const names = new WatcherNames();
  for (const directive of found.directives) {
    const { bound, fields } = read(text, directive, surroundings);
    append(problems, fields.problems);
    // What is missing may stand behind a quote that is not closed.
    for (const problem of bound.problems)
      if (!fields.broken || problem.code !== 'missing-pattern') problems.push(problem);
    const { kind, span, line, endLine } = directive;
    const written: Directive = { kind, span, line, endLine, fields: fields.fields, actions: bound.actions };
    directives.push(written);
    if (options.ssync) append(problems, findIgnored(text, written));
    if (!bound.definition || fields.broken) continue;
    const { name, problem } = names.take(bound, { span, line });
    if (problem) problems.push(problem);
    const definition = bound.definition.name === name ? bound.definition : { ...bound.definition, name };
    watchers.push({ definition, line, endLine, directive: written });
  }
  return {
    watchers,
    problems: problems.sort((a, b) => a.span.start - b.span.start),
    cleanText: found.cleanText,
    directives,
    loginSetups: found.loginSetups,
  };
}
