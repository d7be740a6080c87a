// Lint rules: typescript-eslint's strictest set everywhere; patterns that take more than linear time, and in the pure folders the
// clock and randomness, are errors.
import eslint from '@eslint/js';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const impure = (object, property, instead) => ({ object, property, message: `Take ${instead} from a port.` });

/** However it is written: `window.show…`, `window['show…']`, `const { show… } = window`. */
const anyUse = (names, message) => [
  { selector: `MemberExpression[property.name=/^(${names})$/]`, message },
  { selector: `MemberExpression[property.value=/^(${names})$/]`, message },
  { selector: `ObjectPattern > Property[key.name=/^(${names})$/]`, message },
];

/** VS Code's places where text is shown. */
const vscodeSinks = [
  'show(Error|Warning|Information)Message|showInputBox|createInputBox|showQuickPick|createQuickPick',
  'withProgress|setStatusBarMessage|createOutputChannel|createTerminal|createWebviewPanel',
].join('|');
const vscodeTypes = 'TreeItem|MarkdownString|CodeLens|InlayHint|Hover|Diagnostic|CompletionItem';

export default tseslint.config(
  { ignores: ['dist', 'out', '.cache', 'node_modules', 'test/vectors'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      // Python counts code points, and so do we.
      '@typescript-eslint/no-misused-spread': ['error', { allow: [{ from: 'lib', name: 'string' }] }],
      // Control characters are what the output of jobs is full of.
      'no-control-regex': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['language/**/*.ts', 'engine/*.ts', 'engine/actions/**/*.ts', 'engine/slurm/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        impure('Date', 'now', 'the time'),
        impure('Math', 'random', 'randomness'),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Take the time from a port.',
        },
      ],
    },
  },
  {
    // Texts come from jobs, clusters and editors. A sticky pattern begins at one place, and tests read what they wrote.
    files: ['**/*.ts', '**/*.mjs', '**/*.cjs'],
    ignores: ['test/**'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': 'error',
      'regexp/no-super-linear-move': ['error', { ignoreSticky: true }],
    },
  },
  {
    // What others have written goes through the functions there, which make it text and nothing else.
    files: ['client/**/*.ts'],
    ignores: ['client/show/**', 'client/log.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...anyUse(vscodeSinks, 'Show text with the functions of client/show.'),
        {
          selector: `NewExpression[callee.name=/^(${vscodeTypes})$/]`,
          message: 'Take the types of client/show/rows.',
        },
      ],
    },
  },
  {
    // The boundary to standard output and error, and who hands them to it.
    files: ['cli/**/*.ts'],
    ignores: ['cli/output.ts', 'cli/terminal.ts', 'cli/main.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name=/^(stdout|stderr)$/]",
          message: 'Write with Output.',
        },
        {
          selector:
            "CallExpression[callee.property.name=/^(line|note)$/] CallExpression[callee.object.name='JSON']",
          message: 'Write data with Output.json.',
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        require: 'readonly',
        module: 'writable',
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        performance: 'readonly',
        document: 'readonly',
        MutationObserver: 'readonly',
      },
    },
  },
);
