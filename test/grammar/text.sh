# SYNTAX TEST "source.shell" "what is text of the program"

cat <<END
#WATCHER pattern="a" action=log_event
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ - meta.directive.slurm-watchers
END

echo "
#WATCHER pattern='a'
# ^^^^^^^^^^^^^^^^^^ string.quoted.double.shell - meta.directive.slurm-watchers
"

echo done # nothing
#         ^^^^^^^^^ comment.line.number-sign.shell
