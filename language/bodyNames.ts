// Which names a script's body uses in `${name}`, and which it assigns itself: a resubmission renders only the rest.
import { ShellScanner } from './shellScanner';

export interface BodyNames {
  /** Names in `${name}`, `${name:-…}` and `${name:+…}`: what a resubmission can render. */
  readonly used: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
}

const usePattern = /\$\{([A-Za-z_]\w*)(?:\}|:[-+])/g;
const assignment = /^([A-Za-z_]\w*)(?:\[.*\])?\+?=/s;
const name = /^[A-Za-z_]\w*$/;

/** `body`: the clean script. Source: section 6 of the language. */
export function findBodyNames(body: string): BodyNames {
  const assigned = new Set<string>();
  const scanner = new ShellScanner({
    command: (words) => {
      for (const word of findAssigned(words)) assigned.add(word);
    },
    assigned: (word) => assigned.add(word),
  });
  scanner.take(body);
  scanner.finish();
  return { used: new Set([...body.matchAll(usePattern)].map(([, word = '']) => word)), assigned };
}

/** The names that a simple command gives values to. */
function findAssigned(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => !assignment.test(word));
  const before = start === -1 ? words : words.slice(0, start);
  const prefixed = before.flatMap((word) => assignment.exec(word)?.[1] ?? []);
  return start === -1 ? prefixed : [...prefixed, ...findDeclared(words.slice(start))];
}

function findDeclared([command = '', ...words]: readonly string[]): readonly string[] {
  const plain = words.filter((word) => name.test(word));
  switch (command) {
    case 'for':
    case 'select':
      return plain.slice(0, 1);
    case 'export':
    case 'local':
    case 'declare':
    case 'typeset':
    case 'readonly':
      return [...plain, ...words.flatMap((word) => assignment.exec(word)?.[1] ?? [])];
    case 'read':
    case 'unset':
      return plain;
    case 'mapfile':
    case 'readarray':
      return plain.slice(-1);
    case 'getopts':
      return words.slice(1, 2).filter((word) => name.test(word));
    case 'printf':
      return words[0] === '-v' ? words.slice(1, 2) : [];
    case 'let':
      return words.flatMap((word) => /^(?:\+\+|--)?([A-Za-z_]\w*)/.exec(word)?.[1] ?? []);
    default:
      return [];
  }
}
