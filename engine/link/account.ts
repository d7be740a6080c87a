// Who runs this process: the system's entry of the user, or what can be known without one, as in some containers.
import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

export interface Account {
  readonly name: string;
  readonly home: string;
}

/** Never throws: `os.userInfo` and `os.homedir` do where the system does not know the user's number. */
export function findAccount(): Account {
  try {
    const { username, homedir: home } = userInfo();
    return { name: username, home };
  } catch {
    const { USER, LOGNAME } = process.env;
    return { name: USER || LOGNAME || String(process.getuid?.() ?? 'unknown'), home: findUserHome() };
  }
}

/**
 * As people have it: `$HOME` counts before the system's entry, unless it is empty or relative: that would be another place in
 * each directory, and anybody may have put things there. The root directory if there is neither, as in some containers.
 */
export function findUserHome(): string {
  for (const ask of [homedir, () => userInfo().homedir]) {
    try {
      const home = ask();
      if (isAbsolute(home)) return home;
    } catch {
      // No $HOME, or no entry.
    }
  }
  return '/';
}
