// What a command of a watcher finds in its environment: each capture as WATCHER_<name>, and nothing else.
import { countBytes } from './bytes';
import type { RefusedValue } from './renderCommand';
import { captureLess } from './operands';

export type CommandEnvironment =
  | {
      /** By the names of the environment. */
      readonly variables: Readonly<Record<string, string>>;
      /** Captures whose names no shell can read: they are not in it. */
      readonly leftOut: readonly string[];
    }
  | { readonly refusals: readonly RefusedValue[] };

/** Bytes of one value. Linux takes at most 131,072 in `name=value`. */
const longestVariable = 100_000;
/** Bytes of all names and values. What Linux takes at least, with the command beside it, is 2 MB. */
const longestEnvironment = 400_000;

const prefix = 'WATCHER_';

/**
 * Captures by their names, null if one has no value: it is empty then. No name but WATCHER_… is ever set: a job chooses
 * neither PATH nor what the loader loads. A value that a program cannot be given refuses all: nothing may run then.
 */
export function toCommandEnvironment(captures: Readonly<Record<string, string | null>>): CommandEnvironment {
  const variables: Record<string, string> = {};
  const leftOut: string[] = [];
  const refusals: RefusedValue[] = [];
  let bytes = 0;
  for (const [name, captured] of Object.entries(captures)) {
    const value = captured ?? '';
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      leftOut.push(name);
      continue;
    }
    const refusal = findRefusal(value);
    if (refusal !== undefined) refusals.push({ name, reason: refusal, remedy: captureLess });
    variables[prefix + name] = value;
    // The sign between them, and the NUL after them.
    bytes += prefix.length + name.length + countBytes(value) + 2;
  }
  if (bytes > longestEnvironment && refusals.length === 0)
    refusals.push({
      name: '',
      reason: `all captures together are longer than ${longestEnvironment} bytes`,
      remedy: captureLess,
    });
  return refusals.length > 0 ? { refusals } : { variables, leftOut };
}

function findRefusal(value: string): string | undefined {
  if (value.includes('\0')) return 'it holds a NUL character, which no environment can have';
  if (/\p{Surrogate}/u.test(value)) return 'it holds half of a character, which no environment can have';
  if (value.length > longestVariable || countBytes(value) > longestVariable)
    return `it is longer than ${longestVariable} bytes, which no environment can have`;
  // Old shells of Bash ran what comes after such a beginning.
  return value.startsWith('() {') ? 'it begins as a function of Bash does' : undefined;
}
