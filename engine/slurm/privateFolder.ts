// Shell text: a folder on the cluster into which nobody but its owner can put anything; looked at before each use.
//
// Scripts that sbatch is about to read, its answers, and marks that something was done must not be in a folder that another
// user can change, or put another one in the place of. `~/.slurm-watchers/<Slurm's name of the cluster>/` is such a place,
// if the home is one. The home of several clusters has a folder for each: their job numbers mean different jobs.
import { quoteWord } from './shellWords';

/** Below the home. */
export const privateName = '.slurm-watchers';

/**
 * Prints where the home really is. It is not asked for by XDG_STATE_HOME: what is looked up later must be found wherever and
 * by whatever session the engine was started.
 */
export const homeCommand = `home=$HOME
case $home in /*) ;; *) home=$(getent passwd "$(id -u)" | cut -d: -f6);; esac
[ -n "$home" ] || { echo 'HOME is not set, and you have no entry in the table of users' >&2; exit 1; }
unset CDPATH
cd -P "$home" && pwd -P`;

/** `home` as homeCommand prints it. */
export const privateFolderOf = (home: string, cluster: string): string =>
  `${home.replace(/\/$/, '')}/${privateName}/${cluster.replaceAll(/[^\w.-]/g, '_').replace(/^\.*$/, '_')}`;

/**
 * Functions for a shell. \`private_folder HOME NAME…\` makes the folders NAME in each other below HOME where they are missing,
 * and prints what is wrong: it gives 1 where they cannot be made, in the words of mkdir, and 2 where they are not safe.
 * \`private_own FOLDER\` says of one folder whether it is a real one, ours, and nobody else's: what is in it is ours then,
 * whoever may rename the folder itself.
 */
export const privateFolderFunctions = `private_look() {
  private_row=$(LC_ALL=C ls -ldn "$1" 2>&1) || { echo "$private_row"; return 1; }
  read -r private_mode private_links private_owner private_group private_rest <<END
$private_row
END
}
private_group_is_mine() {
  [ "$private_group" = "$(id -g)" ] && [ "$(id -gn)" = "$(id -un)" ] || return 1
  case $(getent group "$private_group" 2>/dev/null | cut -d: -f4) in ''|"$(id -un)") return 0;; esac
  return 1
}
private_group_is_system() {
  [ "$private_group" -lt 500 ] && [ "$private_group" -ne 100 ]
}
private_own() {
  private_look "$1" || return 2
  case $private_mode in
    l*) echo "$1 is a symbolic link"; return 2;;
    d*) ;;
    *) echo "$1 is not a directory"; return 2;;
  esac
  [ "$private_owner" = "$(id -u)" ] || { echo "$1 belongs to another user ($private_owner)"; return 2; }
  case $private_mode in
    ?????w*|????????w*) echo "$1 is writable for others"; return 2;;
    d???------*) return 0;;
  esac
  chmod 700 "$1" || return 2
}
private_parent() {
  private_look "$1" || return 2
  case $private_mode in d*) ;; *) echo "$1 is not a directory"; return 2;; esac
  private_who=$private_owner
  case $private_mode in
    ?????????[tT]*)
      case $private_who in "$(id -u)"|"$private_system") return 0;; esac
      echo "$1 belongs to another user ($private_who), who can rename what is in it"
      return 2;;
    ????????w*) echo "$1 is writable for everybody, who can rename what is in it"; return 2;;
    ?????w????+*)
      echo "$1 is writable for others by its access control list (getfacl), who can rename what is in it"
      return 2;;
    ?????w*)
      private_group_is_mine && return 0
      [ "$private_who" = "$private_system" ] && private_group_is_system && [ "$1" != "$private_home" ] && return 0
      echo "$1 is writable for its group ($private_group), who can rename what is in it"
      return 2;;
  esac
  [ "$1" != "$private_home" ] && return 0
  case $private_who in "$(id -u)"|"$private_system") return 0;; esac
  echo "$1 belongs to another user ($private_who)"
  return 2
}
private_folder() {
  private_home=$1 private_path=$1
  shift
  private_look / || return 2
  private_system=$private_owner
  while :; do
    private_parent "$private_path" || return 2
    [ "$private_path" = / ] && break
    private_path=\${private_path%/*}
    private_path=\${private_path:-/}
  done
  private_path=\${private_home%/}
  for private_part in "$@"; do
    private_path=$private_path/$private_part
    [ -e "$private_path" ] || [ -h "$private_path" ] || (umask 077; mkdir "$private_path") || [ -d "$private_path" ] || return 1
    private_own "$private_path" || return 2
  done
}`;

/** The words for private_folder that stand for an absolute path which privateFolderOf gave. */
export function toPrivateWords(folder: string): string {
  const [, home = '', name = '', cluster = ''] = /^(.*)\/([^/]+)\/([^/]+)$/.exec(folder) ?? [];
  return [home === '' ? '/' : home, name, cluster].map(quoteWord).join(' ');
}
