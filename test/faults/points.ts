// The points of the engine's work at which a campaign can hold it, and the files in the engine's home by which both agree.

export const points = {
  starting: 'the home is taken, the store not read',
  loaded: 'the store is read, nothing done with it',
  asking: 'before the scheduler is asked',
  asked: 'after its answer',
  reading: 'before the outputs are read',
  read: 'read, not matched',
  matched: 'matched, not committed',
  committing: 'before a commit',
  written: 'the commit is written, not synced',
  synced: 'synced, not acknowledged',
  committed: 'acknowledged, nobody told',
  entrusted: 'an action is committed, not begun',
  acting: 'before a cancellation reaches the cluster',
  acted: 'the job is cancelled, the outcome not committed',
  marking: 'before the mark that an action begins is stored',
  marked: 'the mark is stored, the action not begun',
  commanding: 'before a command reaches the cluster',
  claimed: 'the command runs, its answer is not there',
  commanded: 'the command has ended, its outcome not committed',
  seeking: 'before an interrupted command is looked for',
  found: 'it is found, its outcome not committed',
  posting: 'before a message is posted',
  answering: 'the message has arrived, its answer has not',
  posted: 'it is answered, its outcome not committed',
  mailing: 'before a mail reaches the mailer',
  mailed: 'the mailer has it, the outcome is not committed',
  resubmitting: "a resubmission's row is stored, nothing handed over",
  resubmitted: 'it is handed over, its job not stored',
  submitting: "a submission's row is stored, nothing handed over",
  submitted: 'handed over, its job not stored',
  snapshotBegun: 'a snapshot has a temporary file, not its content',
  snapshotWritten: 'it is written, without its name',
  snapshotNamed: 'it has its name, what it replaces is still there',
} as const;

export type Point = keyof typeof points;

export const isPoint = (name: string): name is Point => name in points;

/** Written by the campaign: the point at which the next to pass it is held. Whoever is held removes it. */
export const armedFile = 'hold-at';
/** Written by what is held, which goes on once the file is gone. */
export const heldFile = 'held-at';
/** Is there while the engine has a command run. */
export const commandFile = 'command-runs';
