// What tells a job of ours from every other: the token in the path of its script, as Slurm keeps it with the job.
import type { Submission } from '../model';

/** `words`: the command of a job, as squeue and scontrol show it, or the line that submitted it, as sacct does. */
export const isOf = ({ token }: Submission, words: string): boolean => words.includes(`/${token}/`);

/** Whether any submission of ours made the job. */
export const isOfSomeSubmission = (words: string): boolean => /\/\.slurm-watchers\/\S/.test(words);
