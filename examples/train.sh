#!/bin/bash
#SBATCH --job-name=train
#SBATCH --output=train-%j.out
#SBATCH --time=00:05:00

# Keep the loss of every epoch.
#WATCHER name="loss" pattern="epoch \d+: loss=([\d.]+)" captures=[loss] interval=1s action=store_metric(name="train_loss", value="$loss")

# Once the loss is below 0.9, say every two seconds how far the training is.
#WATCHER_BEGIN
# name: progress
# pattern: "\s(\d+)/(\d+) \[.*loss=([\d.]+)"
# captures: [step, total, step_loss]
# condition: "float(step_loss) < 0.9"
# interval: 1s
# timer_mode_enabled: true
# timer_interval_seconds: 2
# actions:
#   - log_event(message="step $step of $total, loss $step_loss")
#WATCHER_END

# A job that ran out of memory only burns its allocation.
#WATCHER_BEGIN
# name: out of memory
# pattern: "CUDA out of memory. Tried to allocate ([\d.]+ \w+)"
# captures: [wanted]
# interval: 1s
# actions:
#   - log_event(message="Out of memory: $wanted were wanted", level=error)
#   - cancel_job(reason="out of memory")
#WATCHER_END

echo "host $(hostname), job $SLURM_JOB_ID"
losses=(1.204 0.981 0.847 0.702 0.655)
for epoch in 1 2 3 4 5; do
  loss=${losses[epoch - 1]}
  for step in 1 2 3 4 5; do
    # A progress bar as tqdm prints it: each refresh ends with a carriage return.
    printf '\r%3d%%|%-10s| %d/5 [00:0%d<00:0%d, loss=%s]' $((step * 20)) "$(printf '#%.0s' $(seq $((step * 2))))" \
      "$step" "$step" $((5 - step)) "$loss"
    sleep 0.3
  done
  printf '\nepoch %d: loss=%s\n' "$epoch" "$loss"
done
echo "RuntimeError: CUDA out of memory. Tried to allocate 2.50 GiB"
# The process hangs, as it often does after such an error, until somebody cancels the job.
sleep 240
