// What is under the pointer in an #SBATCH line: an option, or what its file name comes to.
import { findReplacements } from '../../language/sbatch/filenamePattern';
import type { SbatchLine } from '../../language/sbatch/lines';
import { sbatchRow } from '../../language/sbatch/optionTable';
import { joinMarkdown, inMarkdown, toMarkdown, toMarkdownCode as code } from '../../language/show/markdown';
import { describeSbatchOption } from '../descriptions';
import { contains } from '../ranges';
import type { Hovered } from './directive';

export function findHoveredInSbatch(lines: readonly SbatchLine[], offset: number): Hovered | undefined {
  const line = lines.find(({ span }) => contains(span, offset));
  const written = line?.options.find(
    ({ name, value }) => contains(name, offset) || (value && contains(value, offset)),
  );
  const [option, ...others] = written?.options ?? [];
  if (!written || !option || others.length > 0) return undefined;
  const { name, value } = written;
  const span = { start: name.start, end: (value ?? name).end };
  const meanings =
    value && sbatchRow(option).value === 'path'
      ? findReplacements(value.text).map(
          ({ start, end, meaning = 'stays as it is' }) =>
            inMarkdown`- ${code(value.text.slice(start, end))} ${toMarkdown(meaning)}`,
        )
      : [];
  return {
    span,
    text: joinMarkdown(
      [describeSbatchOption(option), ...(meanings.length > 0 ? [inMarkdown``, ...meanings] : [])],
      '\n',
    ),
  };
}
