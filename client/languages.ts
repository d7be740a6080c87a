// Which documents are batch scripts for us.
import type { TextDocument } from 'vscode';

const languages: readonly string[] = ['shellscript', 'slurm', 'sbatch'];
/** Not git, diff and notebook cells: what they show is not edited here. */
const schemes: readonly string[] = ['file', 'untitled', 'vscode-remote'];

type ScriptFilter =
  | { readonly scheme: string; readonly language: string }
  | { readonly scheme: string; readonly pattern: string };

export const batchScripts: readonly ScriptFilter[] = schemes.flatMap((scheme) => [
  ...languages.map((language) => ({ scheme, language })),
  { scheme, pattern: '**/*.{sbatch,slurm,job}' },
]);

export const isBatchScript = ({ languageId, uri }: Pick<TextDocument, 'languageId' | 'uri'>): boolean =>
  schemes.includes(uri.scheme) &&
  (languages.includes(languageId) || /\.(?:sbatch|slurm|job)$/.test(uri.path));
