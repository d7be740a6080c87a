// Fields that are seldom changed, made from the table of fields: one that is new there appears by itself.
import { html, type TemplateResult } from 'lit';
import { definitionFields, rowOf } from '../../../language/schema';
import type { BoxField } from '../../../language/form/watcherForm';
import { drawBox, drawChoice, type Drawn } from './shared';

/** Those that have a place of their own. */
const shownAbove: ReadonlySet<string> = new Set(['name', 'pattern', 'captures', 'condition', 'actions']);

const advancedFields = definitionFields.filter((field) => !shownAbove.has(field)) as readonly BoxField[];

export function drawAdvanced(drawn: Drawn): TemplateResult {
  const { state, doing } = drawn;
  const changed = advancedFields.filter((field) => (state.form.fields[field] ?? '').trim() !== '').length;
  return html`<details
    class="advanced"
    ?open=${state.isAdvancedOpen}
    @toggle=${(event: Event) => {
      doing.send({ kind: 'advancedToggled', isOpen: (event.target as HTMLDetailsElement).open });
    }}
  >
    <summary>Advanced${changed > 0 ? html` <span class="badge">${changed}</span>` : ''}</summary>
    <div class="params">${advancedFields.map((field) => drawField(drawn, field))}</div>
  </details>`;
}

const toLabel = (field: BoxField): string => {
  const words = field.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function drawField(drawn: Drawn, field: BoxField): TemplateResult {
  const { type, summary, defaultText } = rowOf(field);
  const look = { box: { field }, label: toLabel(field), hint: summary };
  if (type === 'boolean') return drawChoice(drawn, { ...look, choices: ['true'], empty: defaultText });
  if (type === 'output')
    return drawChoice(drawn, { ...look, choices: ['stderr', 'both'], empty: defaultText });
  return drawBox(drawn, { ...look, placeholder: defaultText });
}
