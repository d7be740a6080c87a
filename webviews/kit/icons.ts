// The icons of pages: drawn in the text's colour, and silent, since what they stand for is said beside them.
import { svg, type TemplateResult } from 'lit';

const draw = (path: string): TemplateResult =>
  svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${path} /></svg>`;

export const icons = {
  add: draw('M8.5 3v4.5H13v1H8.5V13h-1V8.5H3v-1h4.5V3z'),
  up: draw('M8 4l4.5 4.5-.7.7L8.5 5.9V13h-1V5.9L4.2 9.2l-.7-.7z'),
  down: draw('M8 13l4.5-4.5-.7-.7-3.3 3.3V4h-1v7.1L4.2 7.8l-.7.7z'),
  grip: draw('M5 3h2v2H5zm4 0h2v2H9zM5 7h2v2H5zm4 0h2v2H9zm-4 4h2v2H5zm4 0h2v2H9z'),
  refresh: draw('M13 3v4H9V6h2.3A4 4 0 1 0 12 8h1a5 5 0 1 1-1.2-3.2L12 5V3z'),
  follow: draw('M7.5 1h1v9.3l3.2-3.2.7.7L8 12.2 3.6 7.8l.7-.7 3.2 3.2zM3 14h10v1H3z'),
  find: draw(
    'M10 2a4 4 0 1 1-2.6 7L3.2 13.2l-.7-.7L6.7 8.3A4 4 0 0 1 10 2zm0 1a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  ),
  goTo: draw('M2 3h8v1H2zm0 4h5v1H2zm0 4h5v1H2zm8.6-4.4.8-.7L14.5 9l-3.1 3.1-.8-.7L12.5 9.5H9v-1h3.5z'),
  wrap: draw(
    'M2 3h12v1H2zm0 9h4v1H2zm0-4.5h9.5a2.75 2.75 0 0 1 0 5.5H10v1.5L7.5 12.5 10 10.5V12h1.5a1.75 1.75 0 0 0 0-3.5H2z',
  ),
  text: draw('M4 1h6l3 3v11H3V1zm0 1v12h8V5H9V2zm1 5h6v1H5zm0 2.5h6v1H5zM5 12h4v1H5z'),
  previous: draw('M8 3l5 5-.7.7L8.5 4.9V14h-1V4.9L3.7 8.7 3 8z'),
  next: draw('M8 13L3 8l.7-.7 3.8 3.8V2h1v9.1l3.8-3.8.7.7z'),
  close: draw('M8 7.3l3.6-3.6.7.7L8.7 8l3.6 3.6-.7.7L8 8.7l-3.6 3.6-.7-.7L7.3 8 3.7 4.4l.7-.7z'),
  apart: draw('M2 3h5v10H2V3zm1 1v8h3V4H3zm6-1h5v10H9V3zm1 1v8h3V4h-3z'),
  zoomIn: draw(
    'M6.5 2a4.5 4.5 0 0 1 3.5 7.3l3.9 3.9-.7.7L9.3 10A4.5 4.5 0 1 1 6.5 2zm0 1a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM6 4h1v2h2v1H7v2H6V7H4V6h2z',
  ),
  zoomOut: draw(
    'M6.5 2a4.5 4.5 0 0 1 3.5 7.3l3.9 3.9-.7.7L9.3 10A4.5 4.5 0 1 1 6.5 2zm0 1a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM4 6h5v1H4z',
  ),
  whole: draw('M2 3h1v10H2V3zm11 0h1v10h-1V3zM4 7.5 6.5 5v2h3V5L12 7.5v1L9.5 11V9h-3v2L4 8.5z'),
  table: draw(
    'M2 3h12v10H2V3zm1 1v2h3V4H3zm4 0v2h6V4H7zM3 7v2h3V7H3zm4 0v2h6V7H7zm-4 3v2h3v-2H3zm4 0v2h6v-2H7z',
  ),
  picture: draw('M2 3h12v10H2V3zm1 1v6l3-3 3 3 2-2 2 2V4H3zm8 1.5a1 1 0 1 1-.01 2A1 1 0 0 1 11 5.5z'),
  save: draw('M7.5 2h1v6.3l2.2-2.1.7.7L8 10.3 4.6 6.9l.7-.7 2.2 2.1zM3 12h10v1H3z'),
} as const;
