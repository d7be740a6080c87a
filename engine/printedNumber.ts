// Numbers as programs print them: those that Python reads, and those that only Fortran writes.
import { parseFloatText } from '../language/condition/numberText';

/** `1.2D+02` and `1.2Q+02`, in either case. */
const otherLetter = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))[dq]([+-]?\d+)$/i;
/** Of an exponent with three digits, the letter makes room: `1.2-103`. */
const noLetter = /^([+-]?(?:\d+\.\d*|\.\d+))([+-]\d{3})$/;

/** Undefined for a text that is not a number. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  const fortran = otherLetter.exec(trimmed) ?? noLetter.exec(trimmed);
  return fortran ? Number(`${fortran[1] ?? ''}e${fortran[2] ?? ''}`) : parseFloatText(text);
}
