// How SFTP servers of a connection are ended that a file holds up: closing their channel does not reach them.

/**
 * For a shell on the same connection: it and they are children of one process of sshd. Prints nothing; without a `ps` that
 * knows POSIX's options nothing is ended.
 */
export const endSftpServersScript = `
above=$(ps -o ppid= -p "$PPID" | tr -d ' ')
case $(ps -o args= -p "$above") in *sshd*) ;; *) exit 0 ;; esac
ps -u "$(id -u)" -o pid= -o ppid= -o args= | while read -r pid parent words; do
  [ "$parent" = "$above" ] || continue
  # Only the program's name counts: this text stands among the words of the shell that runs it.
  case \${words%% *} in
    *sftp-server) kill -s KILL "$pid" 2>/dev/null ;;
    sshd*) case $words in *internal-sftp*) kill -s KILL "$pid" 2>/dev/null ;; esac ;;
  esac
done
exit 0`;
