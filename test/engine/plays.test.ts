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
           -> job 1 ended: COMPLETED`,
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
           -> store_metric FAILED "abc" is no number; the metric "loss" was not stored.`,
    'what is a long text and no number is quoted in part': `
      #WATCHER pattern="loss=(\\S+)" interval=10s action=store_metric(name=loss)
      0s   loss=${'1'.repeat(300)}..
           -> store_metric FAILED "${'1'.repeat(200)}…" is no number; the metric "loss" was not stored.`,
    'too many failures disable': `
      #WATCHER pattern="loss=(\\S+)" interval=10s max_failures=2 action=store_metric(name=loss)
      0s   loss=a
           -> store_metric FAILED "a" is no number; the metric "loss" was not stored.
      30s  loss=b
           -> store_metric FAILED "b" is no number; the metric "loss" was not stored.
           -> state active to disabled: 2 actions failed in a row
      60s  loss=c`,
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
