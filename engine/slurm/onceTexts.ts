// Shell text that everything shares which is done at most once on a cluster: who does it, whether it is still at work, and how.
import { quoteWord } from './shellWords';

/** Our own shell has this text in its arguments: the token is written so that it does not find itself. */
export const hideToken = (token: string): string =>
  `${quoteWord(token.slice(0, 1))}''${quoteWord(token.slice(1))}`;

/** `is_running`: whether a process is left with the folder of the token `$T` in its arguments. Without ps, `otherwise` decides. */
export const isRunningFunction = (otherwise: string): string => `is_running() {
  command -v ps > /dev/null || { ${otherwise}; }
  ps -A -o args= 2>/dev/null | while IFS= read -r line; do
    case "$line " in *"/$T "*|*"/$T/"*) echo yes; break;; esac
  done | grep -q yes
}`;

/** Sets `login` to the shell that a terminal of the user would have, or to another one that reads the same start-up files. */
export const findLoginShell = `login=$(getent passwd "$(id -un)" 2>/dev/null | cut -d: -f7)
login=\${login:-$SHELL}
case $login in
  */bash|*/zsh|*/ksh|*/ksh93|*/dash|*/sh) ;;
  *) login=$(command -v bash || echo /bin/sh);;
esac`;
