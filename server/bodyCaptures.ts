// Captures in the program itself: a watcher that resubmits its script renders `${name}` there.
import type { Position } from 'vscode-languageserver';
import { resubmitsJob } from '../language/actionTable';
import { findBodyNames } from '../language/bodyNames';
import type { Directive } from '../language/directive';
import type { Script } from '../language/script';
import { findAllVariables } from '../language/template';
import type { Span } from '../language/text';
import { isBuiltInVariable } from '../language/variables';
import { findCaptureAt, findCaptures, type Capture, type CapturePlace, type FoundCapture } from './captures';
import { directiveAt, type OpenDocument } from './documents';
import { contains } from './ranges';

interface BodyUse {
  readonly name: string;
  readonly span: Span;
}

const resubmits = ({ actions }: Directive): boolean => actions.some(({ type }) => resubmitsJob(type));

const known = new WeakMap<Script, readonly BodyUse[]>();

/** Names in braces that the script does not assign; none where nothing resubmits it. */
function findBodyUses({ script, text }: OpenDocument): readonly BodyUse[] {
  const found =
    known.get(script) ?? (script.directives.some(resubmits) ? readBody(script, text.getText()) : []);
  known.set(script, found);
  return found;
}

function readBody({ cleanText }: Script, content: string): readonly BodyUse[] {
  const { assigned } = findBodyNames(cleanText);
  const clean = cleanText.split('\n');
  const uses: BodyUse[] = [];
  let start = 0;
  for (const [number, line] of content.split('\n').entries()) {
    // Lines of directives are empty in the clean text.
    if (line === clean[number]) uses.push(...findInLine(line, start));
    start += line.length + 1;
  }
  return uses.filter(({ name }) => !assigned.has(name) && !isBuiltInVariable(name));
}

const findInLine = (line: string, start: number): readonly BodyUse[] =>
  (line.includes('${') ? findAllVariables(line) : [])
    .filter((use) => line[use.start + 1] === '{' && !/^\d/.test(use.name))
    .map(({ name, start: at }) => ({
      name,
      span: { start: start + at + 2, end: start + at + 2 + name.length },
    }));

/** The capture at a position: in its directive, or in the program that the directive resubmits. */
export function findCapture(document: OpenDocument, position: Position): FoundCapture | undefined {
  const { line } = position;
  const offset = document.text.offsetAt(position);
  const directive = directiveAt(document, line);
  if (directive) return findCaptureAt(directive, offset);
  const use = findBodyUses(document).find(({ span }) => contains(span, offset));
  const [owner] = use ? findOwners(document, use.name) : [];
  return use && owner && { ...owner, place: { span: use.span, role: 'use' } };
}

/** The captures of a name in all watchers that resubmit the script: the program has one name for all of them. */
const findOwners = (
  { script }: OpenDocument,
  name: string,
): readonly { readonly directive: Directive; readonly capture: Capture }[] =>
  script.directives.filter(resubmits).flatMap((directive) => {
    const capture = findCaptures(directive).find((other) => other.name === name);
    return capture ? { directive, capture } : [];
  });

/** Every place of a capture, with those in the program and in other watchers that share it. */
export function findAllPlaces(
  document: OpenDocument,
  { directive, capture }: FoundCapture,
): readonly CapturePlace[] {
  const uses = findUsesOf(document, directive, capture.name);
  if (uses.length === 0) return capture.places;
  return [
    ...findOwners(document, capture.name).flatMap((owner) => owner.capture.places),
    ...uses.map(({ span }): CapturePlace => ({ span, role: 'use' })),
  ];
}

/** Of the program, where the directive resubmits it. */
const findUsesOf = (document: OpenDocument, directive: Directive, capture: string): readonly BodyUse[] =>
  resubmits(directive) ? findBodyUses(document).filter(({ name }) => name === capture) : [];

/** The directives that a capture is in: through the program, several may share it. */
export const findSharers = (
  document: OpenDocument,
  { directive, capture: { name } }: FoundCapture,
): readonly Directive[] =>
  findUsesOf(document, directive, name).length === 0
    ? [directive]
    : findOwners(document, name).map((owner) => owner.directive);

/** Whether the program has a name of its own that a capture may not take. */
export const isInProgram = ({ script }: OpenDocument, { directive }: FoundCapture, name: string): boolean => {
  if (!resubmits(directive)) return false;
  const { assigned, used } = findBodyNames(script.cleanText);
  return assigned.has(name) || used.has(name);
};
