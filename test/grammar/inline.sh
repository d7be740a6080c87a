# SYNTAX TEST "source.shell" "directives in one line"

#WATCHER name="loss" pattern="loss: ([\d.]+)$" captures=[loss] condition="float(loss) > 1.5 and not 'a' in loss" action=log_event(message="low $loss", level=error)  # remark
# <----- keyword.control.directive.slurm-watchers
#        ^^^^ entity.other.attribute-name.slurm-watchers
#            ^ punctuation.separator.key-value.slurm-watchers
#              ^^^^ string.quoted.double.slurm-watchers
#                    ^^^^^^^ entity.other.attribute-name.slurm-watchers
#                             ^^^^^^ string.quoted.pattern.slurm-watchers
#                                   ^ punctuation.definition.group.regexp.slurm-watchers
#                                    ^^^^^ constant.other.character-class.regexp.slurm-watchers
#                                         ^ keyword.operator.quantifier.regexp.slurm-watchers
#                                          ^ punctuation.definition.group.regexp.slurm-watchers
#                                           ^ keyword.control.anchor.regexp.slurm-watchers
#                                            ^ punctuation.definition.string.end.slurm-watchers
#                                                        ^^^^ variable.other.slurm-watchers
#                                                                         ^^^^^ support.function.builtin.python.slurm-watchers
#                                                                               ^^^^ variable.other.slurm-watchers
#                                                                                     ^ keyword.operator.python.slurm-watchers
#                                                                                       ^^^ constant.numeric.python.slurm-watchers
#                                                                                           ^^^ keyword.operator.logical.python.slurm-watchers
#                                                                                                   ^^^ string.quoted.slurm-watchers
#                                                                                                                       ^^^^^^^^^ entity.name.function.slurm-watchers
#                                                                                                                                 ^^^^^^^ variable.parameter.slurm-watchers
#                                                                                                                                              ^^^^^ variable.other.slurm-watchers
#                                                                                                                                                            ^^^^^ constant.language.slurm-watchers
#                                                                                                                                                                     ^^^^^^^^ comment.line.number-sign.slurm-watchers

  #WATCHER pattern=ERROR|FAIL\d action=cancel_job() if int(x) > 3 max_triggers=1
# ^^^^^^^^ keyword.control.directive.slurm-watchers
#                  ^^^^^ string.quoted.pattern.slurm-watchers
#                       ^ keyword.control.anchor.regexp.slurm-watchers
#                            ^^ constant.character.escape.slurm-watchers
#                                      ^^^^^^^^^^ entity.name.function.slurm-watchers
#                                                   ^^ keyword.control.conditional.slurm-watchers
#                                                      ^^^ support.function.builtin.python.slurm-watchers
#                                                          ^ variable.other.slurm-watchers
#                                                                 ^^^^^^^^^^^^ entity.other.attribute-name.slurm-watchers
#                                                                              ^ constant.numeric.slurm-watchers

#WATCHER pattern="(?P<acc>a)" actions=[store_metric(name=acc, value=$acc), pause if acc == "1", log] interval=5m output=stderr
#                     ^^^ variable.other.slurm-watchers
#                                                        ^^^ string.unquoted.slurm-watchers
#                                                                   ^^^^ variable.other.slurm-watchers
#                                                                          ^^^^^ entity.name.function.slurm-watchers
#                                                                                   ^^^ variable.other.slurm-watchers
#                                                                                       ^^ keyword.operator.python.slurm-watchers
#                                                                                               ^^^ entity.name.function.slurm-watchers
#                                                                                                             ^^ constant.numeric.slurm-watchers
#                                                                                                                       ^^^^^^ constant.language.slurm-watchers

#WATCHER trigger_on_job_end=true trigger_job_states=[failed, out_of_memory] action=resubmit(modifications={"mem": "64G"})
#                           ^^^^ constant.language.slurm-watchers
#                                                    ^^^^^^ constant.language.slurm-watchers
#                                                            ^^^^^^^^^^^^^ constant.language.slurm-watchers
#                                                                                           ^^^^^^^^^^^^^ variable.parameter.slurm-watchers
#                                                                                                          ^^^^^ string.quoted.double.slurm-watchers

echo "$HOME" # WATCHER pattern="a"
#    ^^^^^^^ string.quoted.double.shell
#            ^^^^^^^^^^^^^^^^^^^^^ comment.line.number-sign.shell - meta.directive.slurm-watchers

##WATCHER pattern="a"
# ^^^^^^^^^^^^^^^^^^^ comment.line.number-sign.shell - meta.directive.slurm-watchers

#WATCHERS pattern="a"
# ^^^^^^^^^^^^^^^^^^^ comment.line.number-sign.shell - meta.directive.slurm-watchers
