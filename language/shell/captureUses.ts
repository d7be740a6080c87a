// Where the variables of a command stand, before there are values for them.
import { ShellScanner } from '../shellScanner';
import { findAllVariables, type VariableUse } from '../template';

/** Where a value is refused whatever it is: source: section 6 of the language. */
export const isRefusedPlace = ({ place }: ShellScanner): boolean =>
  place === 'backquote' || place === 'document';

/** Every variable that `isKnown`, with the scanner at its place. */
export function walkCaptureUses(
  command: string,
  isKnown: (name: string) => boolean,
  visit: (use: VariableUse, scanner: ShellScanner) => void,
): void {
  const uses = findAllVariables(command);
  if (!uses.some(({ name }) => isKnown(name))) return;
  const scanner = new ShellScanner();
  let from = 0;
  for (const use of uses) {
    scanner.take(command.slice(from, use.start));
    from = use.end;
    if (scanner.isEscaped || !isKnown(use.name)) {
      from = use.start;
      continue;
    }
    visit(use, scanner);
    scanner.takeValue();
    if (use.operator !== undefined) from = use.wordStart;
  }
}

/** Variables of a command that are refused whatever their value is. */
export function findRefusedUses(command: string, isKnown: (name: string) => boolean): readonly VariableUse[] {
  const refused: VariableUse[] = [];
  // Values are refused in back-quotes and here-documents alone.
  if (!/[`<]/.test(command)) return refused;
  walkCaptureUses(command, isKnown, (use, scanner) => {
    if (isRefusedPlace(scanner)) refused.push(use);
  });
  return refused;
}
