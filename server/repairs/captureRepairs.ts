// Repairs of captures: names that are missing, too many, taken, or no names at all.
import { findFunction } from '../../language/condition/reference';
import { spanOf } from '../../language/mappedText';
import type { Fix } from '../../language/problem';
import { findBodyNames } from '../../language/bodyNames';
import { isBuiltInVariable } from '../../language/variables';
import { findCaptureAt } from '../captures';
import { proposeNames } from '../captureNames';
import { partsOf } from '../directiveParts';
import { capturesEdit, fieldRemoval, lastField, replace, toFix, type DirectiveTrouble } from './edits';

/** Too many names: those without a group go. Too few: the others get names from the words before their groups. */
export function repairCount({ document, directive }: DirectiveTrouble): readonly Fix[] {
  const { pattern, names } = partsOf(directive);
  const tree = pattern?.compiled?.tree;
  if (!tree) return [];
  const script = document.text.getText();
  const written = names.map(({ text }) => text);
  const field = lastField(directive, 'captures');
  if (tree.groupCount === 0)
    return field ? [toFix('Remove captures', fieldRemoval(script, directive, field))] : [];
  if (written.length > tree.groupCount)
    return [
      toFix(
        'Remove the names without a group',
        capturesEdit(script, directive, written.slice(0, tree.groupCount)),
      ),
    ];
  return [toFix('Name the other groups', capturesEdit(script, directive, nameAll(directive)))];
}

/** The names of all groups: the written ones, those of the pattern, then proposals. */
function nameAll(directive: DirectiveTrouble['directive']): readonly string[] {
  const { pattern, names } = partsOf(directive);
  const tree = pattern?.compiled?.tree;
  if (!tree) return [];
  const taken = new Set(names.map(({ text }) => text));
  return proposeNames(tree).map((proposal, index) => {
    const known = names[index]?.text ?? tree.groups[index]?.name;
    const name = known ?? (taken.has(proposal) ? `${proposal}${index + 1}` : proposal);
    taken.add(name);
    return name;
  });
}

export function repairName({ problem, marked, directive }: DirectiveTrouble): readonly Fix[] {
  const name = toName(marked);
  const isTwice = problem.severity === 'warning';
  if (name === '' || isTwice || partsOf(directive).names.some(({ text }) => text === name)) return [];
  return [toFix(`Write ${name}`, replace(problem.span, name))];
}

/** As much of a text as a name can hold. */
const toName = (text: string): string =>
  (text.match(/\w+/g) ?? [])
    .flatMap((word) => word.split('_'))
    .filter((word) => word !== '')
    .join('_')
    .replace(/^(?=\d)/, '_');

/** Another name, in every place of the directive. */
export function repairTakenName({ document, problem, directive }: DirectiveTrouble): readonly Fix[] {
  const found = findCaptureAt(directive, problem.span.start);
  if (!found) return [];
  const { name, places } = found.capture;
  const assigned = findBodyNames(document.script.cleanText).assigned;
  const fresh = [`${name}_value`, `${name}_2`, `my_${name}`].find(
    (other) => !assigned.has(other) && !isBuiltInVariable(other) && !findFunction(other),
  );
  if (fresh === undefined) return [];
  return [toFix(`Rename it to ${fresh}`, ...places.map(({ span }) => replace(span, fresh)))];
}

/** A group keeps its place; a name in the list goes only where no name behind it would move. */
export function repairUnused({ document, problem, marked, directive }: DirectiveTrouble): readonly Fix[] {
  const script = document.text.getText();
  const { start, end } = problem.span;
  const title = `Remove the name ${marked}`;
  if (script.slice(0, start).endsWith('(?P<'))
    return [toFix(title, replace({ start: start - '?P<'.length, end: end + 1 }, ''))];
  const { names } = partsOf(directive);
  const field = lastField(directive, 'captures');
  const last = names.at(-1);
  if (!field || last === undefined || spanOf(last).start !== start) return [];
  const others = names.slice(0, -1).map(({ text }) => text);
  return [
    toFix(
      title,
      others.length === 0 ? fieldRemoval(script, directive, field) : capturesEdit(script, directive, others),
    ),
  ];
}
