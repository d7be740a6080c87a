// The document of a page: one script, one style sheet, what it is about, and a policy that allows nothing else.
import { toHtml } from '../../language/show/html';

export interface PageFiles {
  /** Addresses as the page may load them. */
  readonly script: string;
  readonly style: string;
  /** Of the script that works beside the page; absent if it has none. */
  readonly worker?: string;
  /** Where they come from, as a source of the policy. */
  readonly source: string;
  /** Fresh for each document. */
  readonly nonce: string;
}

/** A worker is started from a copy of its text: it is fetched, and begins as a blob. */
const printPolicy = ({ source, nonce, worker }: PageFiles): string =>
  [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    ...(worker === undefined ? [] : ['worker-src blob:', `connect-src ${source}`]),
  ].join('; ');

/** JSON in ASCII alone: nothing in it needs to be made visible, which would make it something else. */
const printContext = (context: object): string =>
  JSON.stringify(context).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** `context` becomes data in an attribute, and is never read as HTML. */
export function printPage(files: PageFiles, title: string, context: object): string {
  const worker = files.worker === undefined ? '' : ` data-worker="${toHtml(files.worker)}"`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${toHtml(printPolicy(files))}">
    <meta name="viewport" content="width=device-width">
    <title>${toHtml(title)}</title>
    <link rel="stylesheet" href="${toHtml(files.style)}">
  </head>
  <body>
    <main data-context="${toHtml(printContext(context))}"${worker}></main>
    <script nonce="${toHtml(files.nonce)}" src="${toHtml(files.script)}"></script>
  </body>
</html>`;
}
