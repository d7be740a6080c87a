// Problems as annotations of a GitHub workflow: commands on standard output that mark the lines of a pull request.
import type { Severity } from '../language/problem';
import { toVisibleLines } from '../language/show/visible';
import { createLineIndex } from '../language/text';
import { nameOf } from './input';
import type { Output } from './output';
import type { Checked } from './problems';

const commands: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/** Source: the toolkit's @actions/core, command.ts: escapeData and escapeProperty. */
const escapeData = (text: string): string =>
  toVisibleLines(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

export function printAnnotations({ path, text, problems }: Checked, output: Output): void {
  const index = createLineIndex(text);
  for (const { code, severity, message, remedy, span } of problems) {
    const { start, end } = index.rangeOf(span);
    const place: Readonly<Record<string, string | number>> = {
      file: nameOf(path),
      line: start.line + 1,
      col: start.character + 1,
      endLine: end.line + 1,
      // Columns of another line would be refused.
      ...(end.line === start.line && { endColumn: end.character + 1 }),
      title: code,
    };
    const properties = Object.entries(place).map(
      ([name, value]) => `${name}=${escapeProperty(String(value))}`,
    );
    output.line(`::${commands[severity]} ${properties.join(',')}::${escapeData(`${message} ${remedy}`)}`);
  }
}
