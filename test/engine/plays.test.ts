// What a watcher does, as plays: matches, conditions, limits, timers, the job's end, restarts.
import { play } from './play';

describe('plays', () => {
  const plays: Readonly<Record<string, string>> = {
    'a match acts': `
      #WATCHER pattern="loss: ([\\d.]+)" captures=[loss] interval=10s action=log_event(message="loss is $loss")
      0s   loss: 0.9
           -> log_event loss is 0.9
      30s  nothing
      60s  loss: 0.4
           -> log_event loss is 0.4`,
    'a condition decides': `
      #WATCHER pattern="loss: ([\\d.]+)" captures=[loss] condition="float(loss) < 0.5" interval=10s action=log_event(message="low $loss")
      0s   loss: 0.9
      30s  loss: 0.4
           -> log_event low 0.4`,
    'an error in a condition is told once': `
      #WATCHER pattern="loss: (\\S+)" captures=[loss] condition="float(loss) < 0.5" interval=10s
      0s   loss: none
           -> error The condition float(loss) < 0.5 could not be evaluated: ValueError: could not convert string to float: 'none'
      30s  loss: none`,
    'the message is the match where none is written': `
      #WATCHER pattern="ERROR.*" interval=10s
      0s   an ERROR here
           -> log_event ERROR here`,
    'a line that is not complete waits': `
      #WATCHER pattern="loss: ([\\d.]+)" captures=[loss] interval=10s action=log_event(message="$loss")
      0s   | loss: 0.2
      30s  34
           -> log_event 0.234`,
    'the last line counts without a line end': `
      #WATCHER pattern="loss: ([\\d.]+)" captures=[loss] interval=10s action=log_event(message="$loss")
      0s   | loss: 0.2
      30s  ! COMPLETED
           -> log_event 0.2
           -> job 1 ended: COMPLETED`,
    'of several matches in a line the one that triggers gives all values, and the last one stays': `
      #WATCHER pattern="loss: ([\\d.]+)" captures=[loss] condition="float(loss) < 0.5" interval=10s timer_mode=false action=log_event(message="$0 $1 $loss") action=log_event(message="small $loss") if "float(loss) < 0.45"
      #WATCHER name=timed pattern="loss: ([\\d.]+)" captures=[loss] condition="float(loss) < 0.3" interval=10s timer_mode=true timer_interval=60s max_triggers=2 action=log_event(message="timed $1 $loss")
      0s   loss: 0.6 loss: 0.4 loss: 0.9
           -> log_event loss: 0.4 0.4 0.4
           -> log_event small 0.4
      30s  loss: 0.2\\rloss: 0.7
           -> log_event loss: 0.2 0.2 0.2
           -> log_event small 0.2
           -> log_event timed 0.2 0.2
      80s  ! COMPLETED
           -> job 1 ended: COMPLETED`,
    'refreshes of a line trigger once a tick, with the last one': `
      #WATCHER pattern="(\\d+)%" captures=[p] interval=10s action=log_event(message="at $p")
      0s   | 10%\\r20%\\r30%\\r4
           -> log_event at 30
      30s  0%
           -> log_event at 40`,
    'all matches of a line set the variables, the last one acts': `
      #WATCHER pattern="(\\d+)" captures=[n] interval=10s action=log_event(message="$n")
      0s   1 2 3
           -> log_event 3`,
    'max_triggers ends it': `
      #WATCHER pattern="x" max_triggers=2 interval=10s action=log_event(message="x")
      0s   x
           -> log_event x
      30s  x
           -> log_event x
           -> state active to triggered: max_triggers (2) reached
      60s  x`,
    'cooldown skips, with the reason': `
      #WATCHER pattern="x" cooldown=1m interval=10s action=log_event(message="x")
      0s   x
           -> log_event x
      30s  x
           -> skip within 60 s after the last trigger (cooldown)
      120s x
           -> log_event x`,
    'timer mode acts periodically with the last values': `
      #WATCHER pattern="step (\\d+)" captures=[n] interval=10s timer_mode=true timer_interval=60s max_triggers=3 action=log_event(message="at $n")
      0s   step 1
           -> log_event at 1
      30s  step 2
      50s
           -> log_event at 2
      110s step 3
           -> log_event at 3
           -> state active to triggered: max_triggers (3) reached`,
    'timer mode ends with the job': `
      #WATCHER pattern="step (\\d+)" captures=[n] interval=10s timer_mode=true timer_interval=60s action=log_event(message="at $n")
      0s   step 1
           -> log_event at 1
      30s  ! COMPLETED
           -> job 1 ended: COMPLETED`,
    'the end of the job acts, with what was captured': `
      #WATCHER pattern="dir=(\\S+)" captures=[dir] trigger_on_job_end=true trigger_job_states=[failed] interval=10s action=log_event(message="$dir $job_end_state")
      0s   dir=/a
      30s  dir=/b
      60s  ! FAILED
           -> log_event /b failed
           -> job 1 ended: FAILED`,
    'another end of the job does not': `
      #WATCHER trigger_on_job_end=true trigger_job_states=[failed] action=log_event(message="no")
      0s   ! COMPLETED
           -> skip job ended: COMPLETED; the watcher acts on: failed
           -> job 1 ended: COMPLETED`,
    'at the end of the job the condition is evaluated once, over the last captures and the end': `
      #WATCHER name=early pattern="step=(\\d+)/(\\d+)" captures=[step, last] condition="int(step) < int(last)" trigger_on_job_end=true interval=10s action=log_event(message="stopped at $step: $job_end_state, $JOB_STATE, $EXIT_CODE, $EXIT_SIGNAL")
      #WATCHER name=late condition="job_end_state == 'timeout'" trigger_on_job_end=true action=log_event(message="no")
      #WATCHER name=exact condition="JOB_STATE == 'FAILED' and EXIT_CODE == '3' and EXIT_SIGNAL == '0'" trigger_on_job_end=true action=log_event(message="yes")
      0s   step=9/9
      10s  step=5/9
      60s  ! FAILED 3:0
           -> log_event stopped at 5: failed, FAILED, 3, 0
           -> skip job ended: failed, and its condition does not hold: job_end_state == 'timeout' is False
           -> log_event yes
           -> job 1 ended: FAILED (exit code 3:0)`,
    'matches of a watcher of the end only store captures, whatever the condition says of them': `
      #WATCHER pattern="loss=(\\S+)" captures=[loss] condition="float(loss) < 1" trigger_on_job_end=true interval=10s action=log_event(message="$loss")
      0s   loss=0.5
      30s  loss=none
      60s  loss=7
      90s  ! COMPLETED
           -> skip job ended: completed, and its condition does not hold: float(loss) < 1 is False
           -> job 1 ended: COMPLETED`,
    'a condition that cannot be evaluated at the end is told there': `
      #WATCHER pattern="loss=(\\S+)" captures=[loss] condition="float(loss) < 1" trigger_on_job_end=true interval=10s
      0s   nothing
      90s  ! COMPLETED
           -> skip job ended: completed, and its condition does not hold: float(loss) < 1: TypeError: float() argument must be a string or a real number, not 'NoneType'
           -> job 1 ended: COMPLETED`,
    'failed is a family; the exact state is JOB_STATE': `
      #WATCHER name=family trigger_on_job_end=true trigger_job_states=[failed] action=log_event(message="$job_end_state $JOB_STATE")
      #WATCHER name=default trigger_on_job_end=true action=log_event(message="default")
      #WATCHER name=itself trigger_on_job_end=true trigger_job_states=[oom] action=log_event(message="oom")
      #WATCHER name=other trigger_on_job_end=true trigger_job_states=[node_fail, timeout] action=log_event(message="no")
      0s   ! OUT_OF_MEMORY 0:125
           -> log_event failed OUT_OF_MEMORY
           -> log_event default
           -> log_event oom
           -> skip job ended: OUT_OF_MEMORY; the watcher acts on: node_fail, timeout
           -> job 1 ended: OUT_OF_MEMORY (exit code 0:125)`,
    ...Object.fromEntries(
      ['NODE_FAIL', 'BOOT_FAIL', 'DEADLINE', 'PREEMPTED'].map((state) => [
        `${state} is a failure too`,
        `
      #WATCHER trigger_on_job_end=true trigger_job_states=[failed] action=log_event(message="$job_end_state $JOB_STATE")
      0s   ! ${state}
           -> log_event failed ${state}
           -> job 1 ended: ${state}`,
      ]),
    ),
    'what a job has before it ends': `
      #WATCHER pattern="x" interval=10s action=log_event(message="[$job_end_state] $JOB_STATE [$EXIT_CODE] [$EXIT_SIGNAL]")
      0s   x
           -> log_event [] RUNNING [] []`,
    'timer mode acts on the last match for which the condition held': `
      #WATCHER pattern="loss=(\\S+)" captures=[loss] condition="float(loss) < 0.5" interval=10s timer_mode=true timer_interval=60s action=log_event(message="$loss $1") action=log_event(message="tiny") if "float(loss) < 0.1"
      0s   loss=0.4
           -> log_event 0.4 0.4
      20s  loss=0.3
      30s  loss=7.5
      50s
           -> log_event 0.3 0.3
      80s  restart
      90s  loss=9
      110s
           -> log_event 0.3 0.3
      150s ! COMPLETED
           -> job 1 ended: COMPLETED`,
    'where nothing is matched $0 is the cause, and groups are empty': `
      #WATCHER name=end trigger_on_job_end=true action=log_event(message="$0 [$1] [\${2:-none}] $$")
      #WATCHER name=default trigger_on_job_end=true trigger_job_states=[oom]
      #WATCHER name=unmatched pattern="never (\\S+)" captures=[x] trigger_on_job_end=true action=log_event(message="$0 [$1] [$x]")
      #WATCHER name=matched pattern="saved (\\S+)" captures=[file] trigger_on_job_end=true interval=10s action=log_event(message="$0 [$1] [$file] [$2]")
      #WATCHER name=timed pattern="at (\\d+)" interval=10s timer_mode=true timer_interval=60s action=log_event(message="$0 [$1] [$3]")
      0s   saved a.pt
      30s  at 7
           -> log_event at 7 [7] [$3]
      90s
           -> log_event timer [7] []
      120s ! OUT_OF_MEMORY
           -> log_event job ended: failed [] [none] $$
           -> log_event job ended: failed
           -> log_event job ended: failed [] []
           -> log_event job ended: failed [a.pt] [a.pt] []
           -> job 1 ended: OUT_OF_MEMORY`,
    'cancel_job cancels, and what stands behind it follows': `
      #WATCHER pattern="NaN" interval=10s actions=[log_event(message="a"), cancel_job(reason="diverged"), log_event(message="b")]
      0s   NaN
           -> log_event a
           -> cancel_job job 1 is being cancelled: diverged
           -> log_event b
           -> job 1 ended: CANCELLED by the watcher "watcher 1": diverged`,
    'metrics are numbers': `
      #WATCHER pattern="loss=(\\S+)" interval=10s action=store_metric(name=loss, unit=nats)
      0s   loss=0.5
           -> store_metric loss = 0.5 nats
      30s  loss=nan
           -> store_metric loss = nan nats
      60s  loss=abc
           -> error "abc" is not a number; the metric "loss" was not stored.`,
    'numbers are read as Fortran writes them too': `
      #WATCHER pattern="e=(\\S+)" interval=10s action=store_metric(name=e)
      0s   e=1.2D+02
           -> store_metric e = 1.2D+02
      30s  e=-.5d0
           -> store_metric e = -.5d0
      60s  e=0.1-103
           -> store_metric e = 0.1-103`,
    'what is a long text and not a number is quoted in part': `
      #WATCHER pattern="loss=(\\S+)" interval=10s action=store_metric(name=loss)
      0s   loss=${'1'.repeat(300)}..
           -> error "${'1'.repeat(200)}…" is not a number; the metric "loss" was not stored.`,
    'what is not a number is told once for each text, and fails nobody': `
      #WATCHER pattern="e=(\\S*)" interval=10s max_failures=2 actions=[store_metric(name=e), log_event(message="$1")]
      0s   e=*****
           -> error "*****" is not a number; the metric "e" was not stored.
           -> log_event *****
      30s  e=*****
           -> log_event *****
      60s  e=a
           -> error "a" is not a number; the metric "e" was not stored.
           -> log_event a
      90s  e=*****
           -> log_event *****
      120s restart
      130s e=
           -> error "" is not a number; the metric "e" was not stored.
           -> log_event
      160s e=*****
           -> log_event *****
      200s e=1
           -> store_metric e = 1
           -> log_event 1`,
    'too many failures disable': `
      #WATCHER pattern="(\\S*)=1" interval=10s max_failures=2 action=store_metric(name=$1, value=1)
      0s   =1
           -> store_metric FAILED store_metric needs a name.
      30s  =1
           -> store_metric FAILED store_metric needs a name.
           -> state active to disabled: 2 actions failed in a row
      60s  =1`,
    'pause_watcher pauses its watcher alone': `
      #WATCHER name=a pattern="x" interval=10s actions=[log_event(message="a"), pause_watcher]
      #WATCHER name=b pattern="x" interval=10s action=log_event(message="b")
      0s   x
           -> log_event a
           -> pause_watcher paused by its own action
           -> state active to paused: its own action
           -> log_event b
      60s  x
           -> log_event b`,
    'an action has its own condition': `
      #WATCHER_BEGIN
      # pattern: "(\\d+)"
      # captures: [n]
      # interval: 10s
      # actions:
      #   - log_event(message="small") if int(n) < 5
      #   - log_event(message="big") if int(n) >= 5
      #WATCHER_END
      0s   3
           -> log_event small
      30s  7
           -> log_event big`,
    'a restart goes on where it was': `
      #WATCHER pattern="n=(\\d+)" interval=10s action=log_event(message="$1")
      0s   n=1
           -> log_event 1
      30s  | n=2\\nn=
           -> log_event 2
      60s  restart
      61s  3
           -> log_event 3`,
    'a group that took no part is unset': `
      #WATCHER pattern="a(b)?" captures=[b] interval=10s action=log_event(message="\${b:-none}")
      0s   ab
           -> log_event b
      30s  a
           -> log_event none`,
    'what is inserted is not expanded again': `
      #WATCHER pattern="say (.*)" captures=[word] interval=10s action=log_event(message="$word")
      0s   say $JOB_ID
           -> log_event $JOB_ID`,
    'built-in names': `
      #WATCHER name=w pattern="x" interval=10s action=log_event(message="$JOB_ID $JOB_NAME $HOSTNAME $WATCHER")
      0s   x
           -> log_event 1 play.sh fake w`,
    'a capture hides a built-in name': `
      #WATCHER pattern="id (\\d+)" captures=[JOB_ID] interval=10s action=log_event(message="$JOB_ID")
      0s   id 99
           -> log_event 99`,
  };
  for (const [title, text] of Object.entries(plays)) it(title, () => play(text));
});
