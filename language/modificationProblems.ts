// What is wrong with the modifications of a resubmit: names that sbatch does not know, and values that it would refuse.
import type { Json } from './json/value';
import { sliceText, spanOf, trimText, type MappedText } from './mappedText';
import { toProblem, type Problem } from './problem';
import { readModification, type RefusedModification } from './sbatch/modification';
import { splitAtCommas } from './scan';
import { parseJson, unquote } from './values';

/** A member of the object as it is written. */
interface Member {
  /** Without its quotes. */
  readonly name: MappedText;
  readonly value: MappedText;
}

/** With any of them nothing would ever be submitted again. What variables come to is only known when the action runs. */
export function checkModifications(written: MappedText): readonly Problem[] {
  const members = findMembers(written);
  return Object.entries((parseJson(written.text) ?? {}) as Readonly<Record<string, Json>>).flatMap(
    ([name, value]) => {
      const withVariable = typeof value === 'string' && value.includes('$');
      const read = readModification(name, withVariable ? null : value);
      if (!('what' in read)) return [];
      const member = members.find((each) => each.name.text === name) ?? { name: written, value: written };
      return [toModificationProblem(name, read, member)];
    },
  );
}

function toModificationProblem(
  option: string,
  { what, reason, remedy, nearest }: RefusedModification,
  { name, value }: Member,
): Problem {
  if (what === 'value') {
    const message = `resubmit cannot set "${option}": ${reason}.`;
    return toProblem('sbatch-bad-value', spanOf(value), message, remedy);
  }
  const code = 'sbatch-unknown-option';
  if (nearest === undefined)
    return toProblem(code, spanOf(name), `resubmit cannot change "${option}": ${reason}.`, remedy);
  const message = `sbatch has no option "${option}": did you mean "${nearest}"?`;
  const fix = { title: `Write ${nearest}`, edits: [{ span: spanOf(name), newText: nearest }] };
  // A name that was not found in the text is not replaced.
  return toProblem(code, spanOf(name), message, remedy, name.text === option ? { fix } : {});
}

function findMembers(written: MappedText): readonly Member[] {
  const object = trimText(written);
  const inside = sliceText(object, 1, object.text.length - 1);
  return splitAtCommas(inside.text)
    .map(({ start, end }) => trimText(sliceText(inside, start, end)))
    .flatMap((pair) => {
      const key = /^"(?:[^"\\]|\\.)*"/.exec(pair.text)?.[0];
      if (key === undefined) return [];
      const colon = pair.text.indexOf(':', key.length);
      return [{ name: unquote(sliceText(pair, 0, key.length)), value: trimText(sliceText(pair, colon + 1)) }];
    });
}
