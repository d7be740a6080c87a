// Which documents are batch scripts for us.
import type { TextDocument } from 'vscode';
import type { TextDocumentFilter } from 'vscode-languageclient';

const languages: readonly string[] = ['shellscript', 'slurm', 'sbatch'];
/** Not git, diff and notebook cells: what they show is not edited here. */
const schemes: readonly string[] = ['file', 'untitled', 'vscode-remote'];

export const batchScripts: TextDocumentFilter[] = schemes.flatMap((scheme) => [
  ...languages.map((language) => ({ scheme, language })),
  { scheme, pattern: '**/*.{sbatch,slurm,job}' },
]);

export const isBatchScript = ({ languageId, uri }: Pick<TextDocument, 'languageId' | 'uri'>): boolean =>
  schemes.includes(uri.scheme) &&
  (languages.includes(languageId) || /\.(?:sbatch|slurm|job)$/.test(uri.path));
