// The table of commands that run_command runs without asking, and what they cover: one simple command, nothing expanded.
import { findVariables } from './template';

/** Source: section 9 of the engine. A setting of the machine may name others. */
export const defaultAllowedCommands: readonly string[] = [
  'echo',
  'logger',
  'date',
  'ls',
  'cat',
  'pwd',
  'mkdir',
  'cp',
  'mv',
  'touch',
  'grep',
  'tail',
  'head',
  'wc',
  'python',
  'python3',
  'pip',
  'uv',
  'uvx',
  'wandb',
  'sbatch',
  'squeue',
  'sacct',
  'nvidia-smi',
  'rsync',
  'curl',
];

const piece = /(?:[^\s'"\\$`;&|<>(){}*?[\]~#]|\\[^\n]|'[^']*'|"(?:[^"\\$`]|\\[^])*")/.source;
const simpleCommand = new RegExp(
  `^[ \\t]*((?!#)${piece}(?:${piece}|#)*)(?:[ \\t]+(?!#)${piece}(?:${piece}|#)*)*[ \\t]*$`,
);

/**
 * Whether the command may run without consent: one simple command without expansions or operators, whose name is
 * allowed. Variables that `isKnown` are data, but not as the command's name.
 */
export function isAllowedCommand(
  command: string,
  allowed: readonly string[],
  isKnown: (name: string) => boolean,
): boolean {
  const name = simpleCommand.exec(withoutVariables(command, isKnown))?.[1];
  return name !== undefined && allowed.includes(name.replace(/\\(.)|['"]/g, '$1'));
}

/** Known variables as a character that no allowed name has; the words of `${…:-…}` stay. */
function withoutVariables(text: string, isKnown: (name: string) => boolean): string {
  let result = '';
  let from = 0;
  for (const { name, start, end, operator, word } of findVariables(text)) {
    if (!isKnown(name)) continue;
    const value = operator === ':+' ? '' : '\0';
    result += text.slice(from, start) + value + (operator ? withoutVariables(word, isKnown) : '');
    from = end;
  }
  return result + text.slice(from);
}
