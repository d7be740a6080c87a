// What is said about the markers of a login set-up.
import { loginSetupSpans } from '../../language/directive/markers';
import type { Script } from '../../language/script';
import { ownMarkdown } from '../../language/show/markdown';
import { contains } from '../ranges';
import type { Hovered } from './directive';

const text = ownMarkdown(
  '**Login set-up**  \nThese commands run on the login node before the job is submitted, in its working directory and your login environment; on the sandbox on this computer. One that fails ends the submission. They run once somebody has agreed to them.',
);

export function findHoveredInLoginSetup(
  { loginSetups }: Pick<Script, 'loginSetups'>,
  offset: number,
): Hovered | undefined {
  const spans = loginSetups.flatMap(({ span }) => loginSetupSpans(span));
  const span = spans.find((marker) => contains(marker, offset));
  return span && { span, text };
}
