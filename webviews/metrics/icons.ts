// The icons of the page of metrics, drawn on 16 by 16.
import { svg, type SVGTemplateResult } from 'lit';

const icon = (path: string): SVGTemplateResult =>
  svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${path} /></svg>`;

export const icons = {
  add: icon('M7.5 2h1v5.5H14v1H8.5V14h-1V8.5H2v-1h5.5z'),
  remove: icon('M8 7.3 12.3 3l.7.7L8.7 8l4.3 4.3-.7.7L8 8.7 3.7 13l-.7-.7L7.3 8 3 3.7l.7-.7z'),
  apart: icon('M2 3h5v10H2V3zm1 1v8h3V4H3zm6-1h5v10H9V3zm1 1v8h3V4h-3z'),
  zoomIn: icon(
    'M6.5 2a4.5 4.5 0 0 1 3.5 7.3l3.9 3.9-.7.7L9.3 10A4.5 4.5 0 1 1 6.5 2zm0 1a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM6 4h1v2h2v1H7v2H6V7H4V6h2z',
  ),
  zoomOut: icon(
    'M6.5 2a4.5 4.5 0 0 1 3.5 7.3l3.9 3.9-.7.7L9.3 10A4.5 4.5 0 1 1 6.5 2zm0 1a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM4 6h5v1H4z',
  ),
  whole: icon('M2 3h1v10H2V3zm11 0h1v10h-1V3zM4 7.5 6.5 5v2h3V5L12 7.5v1L9.5 11V9h-3v2L4 8.5z'),
  table: icon(
    'M2 3h12v10H2V3zm1 1v2h3V4H3zm4 0v2h6V4H7zM3 7v2h3V7H3zm4 0v2h6V7H7zm-4 3v2h3v-2H3zm4 0v2h6v-2H7z',
  ),
  picture: icon('M2 3h12v10H2V3zm1 1v6l3-3 3 3 2-2 2 2V4H3zm8 1.5a1 1 0 1 1-.01 2A1 1 0 0 1 11 5.5z'),
  save: icon('M7.5 2h1v6.3l2.2-2.1.7.7L8 10.3 4.6 6.9l.7-.7 2.2 2.1zM3 12h10v1H3z'),
} as const;
