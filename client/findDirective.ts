// The watcher whose directive is at a line of a script. Loaded with the parser, when it is wanted.
import { parseScript } from '../language/script';

/** `line`: from 1. Undefined if there is no directive, or if it is not a watcher. */
export function findDirective(
  text: string,
  line: number,
): { readonly name: string; readonly line: number } | undefined {
  const found = parseScript(text).watchers.find((one) => one.line <= line && line <= one.endLine);
  return found && { name: found.definition.name, line: found.line };
}
