// The library of templates: by category, with a search.
import { html, nothing, type TemplateResult } from 'lit';
import { toPageText } from '../../../language/show/page';
import type { OfferedTemplate } from '../protocol';
import type { Drawn } from './shared';

/** Those that have all of the words somewhere. */
export function findTemplates(
  templates: readonly OfferedTemplate[],
  search: string,
): readonly OfferedTemplate[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter(({ title, description, category, tags }) => {
    const text = [title, description, category, ...tags].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function drawTemplates({ state: { templates, search }, doing }: Drawn): TemplateResult {
  const found = findTemplates(templates ?? [], search);
  const categories = [...new Set(found.map(({ category }) => category))];
  return html`<details
    class="templates"
    @toggle=${(event: Event) => {
      if ((event.target as HTMLDetailsElement).open) doing.openTemplates();
    }}
  >
    <summary>Start from a template</summary>
    <input
      type="search"
      aria-label="Search templates"
      placeholder="Search"
      .value=${search}
      @input=${(event: Event) => {
        doing.send({ kind: 'searched', search: (event.target as HTMLInputElement).value });
      }}
    />
    ${templates && found.length === 0 ? html`<p class="muted">No template has this.</p>` : nothing}
    ${categories.map(
      (category) =>
        html`<h2 class="category">${toPageText(category)}</h2>
          <ul class="template-list">
            ${found
              .filter((template) => template.category === category)
              .map((template) => drawTemplate(template, doing.takeTemplate))}
          </ul>`,
    )}
  </details>`;
}

const drawTemplate = (
  { id, title, description }: OfferedTemplate,
  take: (id: string) => void,
): TemplateResult =>
  html`<li>
    <button
      type="button"
      class="quiet template"
      @click=${() => {
        take(id);
      }}
    >
      <span>${toPageText(title)}</span> <span class="muted">${toPageText(description)}</span>
    </button>
  </li>`;
