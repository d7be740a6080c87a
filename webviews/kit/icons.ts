// The icons of pages: drawn in the text's colour, and silent, since what they stand for is said beside them.
import { svg, type TemplateResult } from 'lit';

const draw = (path: string): TemplateResult =>
  svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${path} /></svg>`;

export const icons = {
  add: draw('M8.5 3v4.5H13v1H8.5V13h-1V8.5H3v-1h4.5V3z'),
  remove: draw('M12.7 4 8.7 8l4 4-.7.7-4-4-4 4-.7-.7 4-4-4-4 .7-.7 4 4 4-4z'),
  up: draw('M8 4l4.5 4.5-.7.7L8.5 5.9V13h-1V5.9L4.2 9.2l-.7-.7z'),
  down: draw('M8 13l4.5-4.5-.7-.7-3.3 3.3V4h-1v7.1L4.2 7.8l-.7.7z'),
  grip: draw('M5 3h2v2H5zm4 0h2v2H9zM5 7h2v2H5zm4 0h2v2H9zm-4 4h2v2H5zm4 0h2v2H9z'),
  refresh: draw('M13 3v4H9V6h2.3A4 4 0 1 0 12 8h1a5 5 0 1 1-1.2-3.2L12 5V3z'),
} as const;
