// Repairs of login set-ups: one is closed before the next empty line, or what nobody reads in it is taken out.
import { loginSetupMarkerOf, loginSetupMarkers, markerOf } from '../../language/directive/markers';
import type { Fix } from '../../language/problem';
import { lineEndOf } from '../../language/text';
import { insert, lineRemoval, toFix, type Trouble } from './edits';

export function repairLoginSetup({ document, problem: { span }, marked }: Trouble): readonly Fix[] {
  const script = document.text.getText();
  if (marked !== loginSetupMarkers.begin) return [toFix('Remove the line', lineRemoval(script, span))];
  const end = `${lineEndOf(script)}${loginSetupMarkers.end}`;
  return [toFix(`Add ${loginSetupMarkers.end}`, insert(findLastCommand(script, span.end), end))];
}

/** Where the last line ends that may be one of its commands. */
function findLastCommand(script: string, begin: number): number {
  let last = begin;
  let at = begin;
  for (const [index, line] of script.slice(begin).split('\n').entries()) {
    if (index > 0 && !mayBeCommand(line.trim())) return last;
    last = at + line.trimEnd().length;
    at += line.length + 1;
  }
  return last;
}

const mayBeCommand = (trimmed: string): boolean =>
  trimmed !== '' &&
  loginSetupMarkerOf(trimmed) === undefined &&
  markerOf(trimmed) === 'other' &&
  !/^#SBATCH\b/.test(trimmed);

/** With all that is in it: comments alone. */
export function removeLoginSetup({ document, problem: { span } }: Trouble): readonly Fix[] {
  const script = document.text.getText();
  const end = script.indexOf(loginSetupMarkers.end, span.end) + loginSetupMarkers.end.length;
  return [toFix('Remove the login set-up', lineRemoval(script, { start: span.start, end }))];
}
