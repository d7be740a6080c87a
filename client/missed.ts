// What shall become of the output that was printed while a watcher did not watch.
import { pickOne } from './show/inputs';

const answers = [
  { label: 'Match what was printed meanwhile', missed: 'match' },
  { label: 'Skip what was printed meanwhile', missed: 'skip' },
] as const;

/** Undefined where the person changed their mind. */
export const askMissed = async (title: string): Promise<'match' | 'skip' | undefined> =>
  (await pickOne(answers, { title }))?.missed;
