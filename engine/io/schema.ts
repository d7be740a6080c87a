// The tables of the store, and the steps from each version of them to the next.

/** Step n leads from version n to version n + 1; what has shipped is never changed, only added to. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, cluster TEXT NOT NULL, id TEXT NOT NULL, parent TEXT,
    name TEXT NOT NULL, phase TEXT NOT NULL, state TEXT NOT NULL, job TEXT NOT NULL
  );
  CREATE INDEX jobs_by_id ON jobs (id);
  CREATE INDEX jobs_by_parent ON jobs (parent) WHERE parent IS NOT NULL;
  CREATE INDEX jobs_live ON jobs (seq) WHERE phase NOT IN ('ended', 'refused');
  CREATE TABLE watchers (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, job TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
    lines TEXT NOT NULL, definition TEXT NOT NULL, progress TEXT NOT NULL
  );
  CREATE INDEX watchers_by_job ON watchers (job);
  CREATE TABLE events (
    id INTEGER PRIMARY KEY, time INTEGER NOT NULL, cluster TEXT NOT NULL, job TEXT NOT NULL, job_id TEXT NOT NULL,
    watcher_id TEXT, watcher TEXT, kind TEXT NOT NULL, action TEXT, success INTEGER, matched_text TEXT,
    captures TEXT NOT NULL, params TEXT NOT NULL, result TEXT NOT NULL
  );
  CREATE INDEX events_by_job ON events (job);
  CREATE INDEX events_by_watcher ON events (watcher_id);
  CREATE INDEX events_by_time ON events (time);
  CREATE TABLE metrics (
    id INTEGER PRIMARY KEY, time INTEGER NOT NULL, cluster TEXT NOT NULL, job TEXT NOT NULL, job_id TEXT NOT NULL,
    watcher_id TEXT NOT NULL, watcher TEXT NOT NULL, name TEXT NOT NULL,
    value REAL /* null: not a number */, unit TEXT, step INTEGER NOT NULL
  );
  CREATE INDEX metrics_by_job ON metrics (job, name, step);
  CREATE INDEX metrics_by_watcher ON metrics (watcher_id);
  CREATE INDEX metrics_by_time ON metrics (time);
  CREATE TABLE outbox (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, job TEXT NOT NULL, entry TEXT NOT NULL);
  `,
  // What watchers remember of their outputs and of the minute that has gone by.
  `
  UPDATE watchers SET progress = json_insert(progress,
    '$.seen', json('{"stdout": 0, "stderr": 0}'), '$.readTrouble', NULL, '$.recentActions', json('[]'),
    '$.mark.stdout.restarts', 0, '$.mark.stderr.restarts', 0);
  UPDATE outbox SET entry = json_insert(entry, '$.standsFor', NULL);
  `,
  // What has left for archives: which files there are, which jobs are there alone, and where steps of metrics go on.
  `
  CREATE TABLE archives (
    name TEXT PRIMARY KEY, month TEXT NOT NULL, part INTEGER NOT NULL, rows INTEGER NOT NULL,
    last_event INTEGER, last_metric INTEGER, until INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE archived_jobs (key TEXT PRIMARY KEY, archive TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX archived_jobs_by_archive ON archived_jobs (archive);
  CREATE TABLE metric_steps (job TEXT NOT NULL, name TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (job, name)) WITHOUT ROWID;
  `,
  // What was told of an output that cannot be read is known for either output; which one it was did not stand there.
  `
  UPDATE watchers SET progress = json_set(progress, '$.readTrouble', json_object(
    'stdout', json_extract(progress, '$.readTrouble'), 'stderr', json_extract(progress, '$.readTrouble')));
  `,
  // What made an event.
  'ALTER TABLE events ADD COLUMN cause TEXT',
  // What a command printed.
  'ALTER TABLE events ADD COLUMN output TEXT',
  // Which events have a long output: only the newest of them keep it whole.
  'CREATE INDEX events_with_output ON events (id) WHERE length(output) > 2000',
  // Where in the output an event's match was.
  'ALTER TABLE events ADD COLUMN place TEXT',
];
