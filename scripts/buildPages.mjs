// Bundles pages for browsers: `<name>.js` with `<name>.css` beside it, and `<name>Worker.js` for what works beside a page.
import { build } from 'esbuild';

/**
 * @param {Record<string, string>} entryPoints names and sources
 * @param {{ readonly root: string, readonly folder: string, readonly isReadable?: boolean }} where
 */
export async function buildPages(entryPoints, { root, folder, isReadable = false }) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: folder,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: !isReadable,
    sourcemap: isReadable ? 'inline' : false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}
