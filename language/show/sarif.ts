// Text for messages of a SARIF log, whose readers make links of `[text](destination)`.
import { toVisibleLines, type Shown } from './visible';

export type SarifText = Shown<'SARIF'>;

/** Source: SARIF 2.1.0 (OASIS), section 3.11.6, messages with embedded links. */
export const toSarifText = (text: string): SarifText =>
  toVisibleLines(text).replace(/\](?=\()/g, '] ') as SarifText;
