// Problems as a SARIF 2.1.0 log, for code scanning services and editors.
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository, version } from '../package.json';
import { problemCodes, problemTable, type Problem, type Severity } from '../language/problem';
import { toSarifText } from '../language/show/sarif';
import { createLineIndex, type LineIndex, type Span } from '../language/text';
import type { Checked } from './problems';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

const home = repository.url.replace(/\.git$/, '');

/** Source: SARIF 2.1.0 (OASIS), sections 3.13 to 3.57. */
export function toSarif(checked: readonly Checked[]): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'slurm-watchers',
            version,
            informationUri: home,
            rules: problemCodes.map((id) => ({
              id,
              shortDescription: { text: problemTable[id].summary },
              helpUri: `${home}/blob/main/docs/problems.md#${id}`,
              defaultConfiguration: { level: levels[problemTable[id].severity] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: checked.flatMap(toResults),
      },
    ],
  };
}

function toResults({ path, text, problems }: Checked): readonly object[] {
  const index = createLineIndex(text);
  const artifactLocation = { uri: toUri(path) };
  return problems.map((problem) => ({
    ruleId: problem.code,
    ruleIndex: problemCodes.indexOf(problem.code),
    level: levels[problem.severity],
    message: { text: toSarifText(`${problem.message} ${problem.remedy}`) },
    locations: [{ physicalLocation: { artifactLocation, region: toRegion(problem.span, index) } }],
    ...toFixes(problem, artifactLocation, index),
  }));
}

function toFixes({ fix }: Problem, artifactLocation: object, index: LineIndex): object {
  if (!fix) return {};
  const replacements = fix.edits.map(({ span, newText }) => ({
    deletedRegion: toRegion(span, index),
    insertedContent: { text: newText },
  }));
  return {
    fixes: [{ description: { text: fix.title }, artifactChanges: [{ artifactLocation, replacements }] }],
  };
}

function toRegion(span: Span, index: LineIndex): object {
  const { start, end } = index.rangeOf(span);
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** A relative path stays relative, so that the log fits every checkout. */
function toUri(path: string): string {
  if (path === '-') return 'stdin';
  if (isAbsolute(path)) return pathToFileURL(path).href;
  // A colon in the first part would make it a scheme.
  return path.split(/[\\/]/).map(encodeURIComponent).join('/');
}
