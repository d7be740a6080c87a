// The icons of the page: sixteen by sixteen, in the colour of their text.
import { svg, type SVGTemplateResult } from 'lit';

const icon = (path: string): SVGTemplateResult =>
  svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${path} /></svg>`;

export const icons = {
  follow: icon('M7.5 1h1v9.3l3.2-3.2.7.7L8 12.2 3.6 7.8l.7-.7 3.2 3.2zM3 14h10v1H3z'),
  find: icon(
    'M10 2a4 4 0 1 1-2.6 7L3.2 13.2l-.7-.7L6.7 8.3A4 4 0 0 1 10 2zm0 1a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  ),
  goTo: icon('M2 3h8v1H2zm0 4h5v1H2zm0 4h5v1H2zm8.6-4.4.8-.7L14.5 9l-3.1 3.1-.8-.7L12.5 9.5H9v-1h3.5z'),
  wrap: icon(
    'M2 3h12v1H2zm0 9h4v1H2zm0-4.5h9.5a2.75 2.75 0 0 1 0 5.5H10v1.5L7.5 12.5 10 10.5V12h1.5a1.75 1.75 0 0 0 0-3.5H2z',
  ),
  text: icon('M4 1h6l3 3v11H3V1zm0 1v12h8V5H9V2zm1 5h6v1H5zm0 2.5h6v1H5zM5 12h4v1H5z'),
  previous: icon('M8 3l5 5-.7.7L8.5 4.9V14h-1V4.9L3.7 8.7 3 8z'),
  next: icon('M8 13L3 8l.7-.7 3.8 3.8V2h1v9.1l3.8-3.8.7.7z'),
  close: icon('M8 7.3l3.6-3.6.7.7L8.7 8l3.6 3.6-.7.7L8 8.7l-3.6 3.6-.7-.7L7.3 8 3.7 4.4l.7-.7z'),
} as const;
