// A pattern in words, piece by piece.
import { html, nothing, type TemplateResult } from 'lit';
import { toPageText } from '../../../language/show/page';
import type { BuilderState } from '../state';

/** Closed until somebody asks; deeper pieces stand further to the right. */
export function explainable({ answer, form }: BuilderState): TemplateResult | typeof nothing {
  const pieces = answer?.explanation ?? [];
  if (pieces.length === 0) return nothing;
  const pattern = form.fields.pattern ?? '';
  return html`<details class="explanation">
    <summary>What it matches</summary>
    <ol>
      ${pieces.map(
        ({ span, depth, words }) =>
          html`<li class="depth-${Math.min(depth, 4)}">
            <code>${toPageText(pattern.slice(span.start, span.end))}</code> <span>${toPageText(words)}</span>
          </li>`,
      )}
    </ol>
  </details>`;
}
