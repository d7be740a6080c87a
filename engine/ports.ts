// What the engine needs from the world: clusters, a store, a matcher, a clock and ids. One conformance suite per port.
import type {
  ClusterKind,
  ConnectionState,
  Job,
  JobKey,
  Metric,
  OutboxEntry,
  Progress,
  Submission,
  Time,
  Watcher,
  WatcherId,
  WatchEvent,
} from './model';
import type { JobState } from '../language/jobStates';
import type { MailBody, MailHeader } from '../language/show/mail';
import type { WatchError } from './errors';
import type { MetricName, MetricNamesRequest, MetricSeries, SeriesRequest } from './metricSeries';

export interface Clock {
  now(): Time;
  /** Milliseconds on a clock that nobody sets: for how long something lasts. */
  steady(): number;
  /** As steady, and it goes on while the computer sleeps: for how long nothing was done. */
  continuous(): number;
  /** Calls `wake` once after `milliseconds`; the returned function calls it off. */
  after(milliseconds: number, wake: () => void): () => void;
}

export interface Ids {
  /** A fresh name, unique for ever: lower-case letters and digits. */
  next(): string;
}

// ---- machine ----------------------------------------------------------------------------------------------------

export interface Command {
  /** Text for `/bin/sh`, whatever the login shell is. */
  readonly script: string;
  /** What it reads from standard input; nothing where absent. */
  readonly input?: string;
  readonly timeLimitMs: number;
  /** Told what it writes to standard error as it comes, in whole characters; the result has all of it too. */
  readonly onErrorText?: (text: string) => void;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A computer with a shell and files where Slurm's commands run: this one, or a login node behind ssh. Throws WatchError:
 * cluster-unreachable (what was in flight is unknown), needs-sign-in (nothing is tried again without a person), timed-out
 * (the command was given up, and may go on there).
 */
export interface Machine {
  readonly connection: ConnectionState;
  /** Commands that were run so far, and requests for files. */
  readonly counts: { readonly commands: number; readonly reads: number };
  /** Output without banners and what start-up files print. */
  run(command: Command): Promise<CommandResult>;
  /** As a cluster's. */
  read(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]>;
  close(): Promise<void>;
}

/** What only a person can say. The answer of a hostKey is yes or null, that of a secret one text for each prompt. */
export type Question =
  | {
      readonly kind: 'hostKey';
      readonly host: string;
      /** `ssh-ed25519`. */
      readonly keyType: string;
      /** As ssh prints it, `SHA256:…`. */
      readonly fingerprint: string;
      /** Where the same key is known by other names, `/home/me/.ssh/known_hosts:3: login2`. */
      readonly otherNames: readonly string[];
    }
  | {
      readonly kind: 'secret';
      readonly host: string;
      /**
       * Also says who asks: the prompts of `keyboard-interactive` are the server's words, marked with `(user@host)`; the
       * others are this computer's.
       */
      readonly method: 'passphrase' | 'password' | 'keyboard-interactive';
      /** Names the secret in a client's safe, `passphrase:/home/me/.ssh/id_ed25519`; null where it is good for once. */
      readonly safeKey: string | null;
      /** What the server says about it; empty where it says nothing. */
      readonly instructions: string;
      readonly prompts: readonly { readonly text: string; readonly echo: boolean }[];
      /** The answer before this one was wrong: what a safe holds is out of date. */
      readonly again: boolean;
    };

/** Asks a person, through a client that is connected. */
export interface Prompter {
  /** Null where nobody can be asked now, or the person declined. */
  ask(cluster: string, question: Question): Promise<readonly string[] | null>;
}

// ---- cluster ----------------------------------------------------------------------------------------------------

/** What the cluster says of a job or array task now. Times and ids as Slurm shows them. */
export interface JobReport {
  /** `4242`, or `4242_3`. */
  readonly id: string;
  /** Set for array tasks. */
  readonly arrayTask: { readonly job: string; readonly task: number } | null;
  /** Set for the array itself, while tasks of it still wait: its tasks appear as reports of their own when they start. */
  readonly isArray: boolean;
  readonly name: string;
  readonly state: JobState;
  readonly reason: string;
  readonly submitted: Time;
  /** Null while it waits, and of one that ended without having run. */
  readonly started: Time | null;
  readonly ended: Time | null;
  readonly exitCode: string | null;
  readonly restarts: number;
  /** Whether it may be queued again by itself after it has ended. */
  readonly requeueable: boolean;
  /** Null where the cluster does not say: they are what the script asks for. */
  readonly outputs: { readonly stdout: string | null; readonly stderr: string | null };
  readonly partition: string;
  /** As Slurm writes them, `node[1-2]`; empty before it starts. */
  readonly nodes: string;
  /** Null: no limit, or none that is known. */
  readonly timeLimitSeconds: number | null;
  /** The script's path with its arguments, or the line that submitted it; absent where that is not known. */
  readonly words?: string;
  /** When the runs before this one were submitted, as far as they are known. */
  readonly earlier?: readonly Time[];
  /** Of an array: how many of its tasks were cancelled before they began. */
  readonly unbegun?: number;
}

/** Jobs of which nobody could say anything now; they are asked for again. */
export interface Silence {
  readonly ids: readonly string[];
  readonly cause: WatchError;
}

export interface ReadRequest {
  readonly path: string;
  /** Byte offset to read from. */
  readonly from: number;
  /** At most this many bytes. */
  readonly maxBytes: number;
  /** How many bytes right before `from` are wanted too, to recognise the file. */
  readonly before: number;
  /** How many of the file's first bytes are wanted. */
  readonly head: number;
  /**
   * Reopen by path, and give the head and what stands before even where the size has not changed: at the end of a job on
   * network file systems, and where the file may be another one of the same length.
   */
  readonly fresh: boolean;
}

export type ReadAnswer =
  | {
      readonly kind: 'read';
      /** The file's size when it was read. */
      readonly size: number;
      /** When it was written last, as its file server tells it; null if it is not told. */
      readonly modified: Time | null;
      /** From `from`; empty if nothing is new. Threads may share the memory: nobody changes it. */
      readonly bytes: Uint8Array;
      readonly before: Uint8Array;
      readonly head: Uint8Array;
    }
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** Waiting does not help: it is not a regular file. */
      readonly isLasting?: true;
    };

/** How a kind of cluster wants to be treated; settings may say otherwise. */
export interface ClusterTraits {
  /** Least time between two job queries, ms. */
  readonly queryIntervalMs: number;
  /** Least interval of a watcher, ms. */
  readonly minIntervalMs: number;
  /** How long a finished job's output must have been quiet before it counts as complete, ms. */
  readonly settleMs: number;
}

/** What a submission became. */
export interface FoundSubmission {
  readonly id: string;
  /** Options that the user's own start-up files set, as a submission's `given`; absent where there are none. */
  readonly given?: readonly string[];
}

/** How a login set-up ended. */
export interface SetUpResult {
  readonly code: number;
  /** What it has printed, both streams; the last of it if that is much. */
  readonly output: string;
}

/** A command of a watcher. */
export interface ClusterCommand {
  /** Letters and digits; by it a command is known that was begun before. */
  readonly token: string;
  /** Text for the user's login shell, with the values of the job put in as data. */
  readonly command: string;
  /** Absolute path of the folder that it runs in. */
  readonly workdir: string;
  /** Names begin with WATCHER_. */
  readonly environment: Readonly<Record<string, string>>;
  /** For all its processes together. */
  readonly timeoutSeconds: number;
  /** As `findPrivateFolder` gives it: where its marks and its output are kept. */
  readonly folder: string | null;
}

export interface CommandOutcome {
  /** As the shell tells it: 128 and the signal's number if a signal has ended it; null if it is not known. */
  readonly exitCode: number | null;
  /** Its time was over: all its processes were ended. */
  readonly timedOut: boolean;
  /** It has ended, and processes of it go on in the background until its time is over. */
  readonly leavesProcesses?: true;
  /** How long it ran; null if that is not known. */
  readonly seconds: number | null;
  /** The last 64 KiB of both outputs together; bytes that are not UTF-8 are U+FFFD. */
  readonly output: string;
  /** Why nobody can say how it ended, in words; absent if it is known. */
  readonly unknown?: string;
}

/**
 * A place where jobs run. Throws WatchError: cluster-unreachable, needs-sign-in, submission-refused (the scheduler's own
 * words), command-failed, timed-out. What was in flight when the connection broke is unknown; look it up by token.
 */
export interface Cluster {
  readonly name: string;
  readonly kind: ClusterKind;
  readonly traits: ClusterTraits;
  readonly connection: ConnectionState;
  /** Remote commands so far. */
  readonly commands: number;
  /** Requests for files so far. */
  readonly reads: number;
  /** Where scripts that are handed in are kept: for a submission's `folder`. Null where the cluster needs none. */
  findPrivateFolder(): Promise<string | null>;
  /**
   * Runs commands where scripts are handed in, in a folder there and in the user's login environment; the first that fails ends
   * them. `tell` is given what they print as it comes, the first MiB of it.
   */
  setUp(commands: string, workdir: string, tell: (text: string) => void): Promise<SetUpResult>;
  /** Hands the clean script in; calling it again with the same token never makes a second job. */
  submit(submission: Submission): Promise<FoundSubmission>;
  /** The job that a submission became, or null where none did. */
  findSubmission(submission: Submission): Promise<FoundSubmission | null>;
  /**
   * One request for all: reports of these ids and of all tasks of the arrays among them. Ids it knows nothing of are left out.
   * Where some of them cannot be asked for and the others can, `onSilence` is told of those; without it that is thrown.
   */
  query(ids: readonly string[], onSilence?: (silence: Silence) => void): Promise<readonly JobReport[]>;
  /** The user's other jobs, as the last query happened to see them: whose outputs may be the same files. */
  readonly others: readonly JobReport[];
  /** Whether a job of it appends to an output that is there already, unless it says otherwise. */
  appendsByDefault(): Promise<boolean>;
  /** What a job does that was submitted elsewhere, as far as its script and its command line tell; null: not known yet. */
  findOpenMode(id: string): Promise<'append' | 'truncate' | null>;
  /** The user's own jobs in the queue now, watched or not; jobs that have just ended may be among them. */
  listJobs(): Promise<readonly JobReport[]>;
  /**
   * One pipelined request for all; answers in the order of the requests. Only regular files are read, each within a time
   * limit of its own. Never throws for a single file.
   */
  read(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]>;
  /** Cancels a job, or with `A_k` a task alone; a job that has ended already is no error. */
  cancel(id: string): Promise<void>;
  /** The folder that a job works in; null if nobody knows it any more. */
  findJobWorkdir(id: string): Promise<string | null>;
  /**
   * Runs a command in the user's login environment, and waits for its end. Calling it again with the same token never runs it
   * again: the one that was begun is waited for. Throws bad-request if it was refused, and will never run; after any other
   * error it may run.
   */
  runCommand(command: ClusterCommand): Promise<CommandOutcome>;
  /** As runCommand, for one that may have been begun: null if it never was, and it never will be then. */
  findCommand(command: ClusterCommand): Promise<CommandOutcome | null>;
  /**
   * Hands a mail to the cluster's own mailer, and gives that program's name. Without recipients it is for the user there.
   * Throws WatchError: service-refused (nothing was sent), otherwise as above: then it is unknown, unless nobody could sign in.
   */
  sendMail(mail: Mail): Promise<string>;
  close(): Promise<void>;
}

/** What a person says of a cluster beyond its name; null: as the kind of cluster wants it. */
export interface ClusterSettings {
  readonly kind: Exclude<ClusterKind, 'sandbox'>;
  /** A Host of the SSH configuration, or `user@host`; null: the cluster's name. */
  readonly host: string | null;
  /** Where jobs work when nobody says otherwise: absolute, or below the home as `~/runs`. */
  readonly rootDirectory: string | null;
  /** Least interval of a watcher. */
  readonly minIntervalSeconds: number | null;
  /** Least time between two job queries. */
  readonly queryIntervalSeconds: number | null;
  /** How long a finished job's output must have been quiet before it counts as complete. */
  readonly settleSeconds: number | null;
}

export interface AccessSettings {
  /** By the clusters' names. */
  readonly clusters: Readonly<Record<string, ClusterSettings>>;
  /** Another SSH configuration than the user's own. */
  readonly sshConfigFile: string | null;
  /** For how many months history is kept; absent: no opinion. */
  readonly keepMonths?: number;
  /** Names of commands that watchers run without consent; absent: no opinion. */
  readonly allowedCommands?: readonly string[];
  /** How mail is sent; absent: no opinion. */
  readonly mail?: MailSettings;
  /** Where messages may be posted; absent: no opinion. */
  readonly slack?: SlackSettings;
}

/** What a person says of mail; null: nothing. */
export interface MailSettings {
  /** By the cluster's own mailer, which is what null means, or by a server that the engine talks to. */
  readonly via: 'cluster' | 'smtp' | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly host: string | null;
  /** Null: 587. TLS from the first byte on 465, by STARTTLS on any other. */
  readonly port: number | null;
  /** Null: without signing in. */
  readonly user: string | null;
  /** A file with the password that nobody else can read. */
  readonly passwordFile: string | null;
}

export interface SlackSettings {
  /** Hosts of webhooks beside hooks.slack.com. */
  readonly hosts: readonly string[] | null;
  /** A file with the webhook that nobody else can read. */
  readonly webhookFile: string | null;
}

export interface OpenedCluster {
  readonly cluster: Cluster;
  /**
   * The absolute path of a folder on the cluster that exists: of `~/…` below the home, of a relative path below the root
   * directory, of null the root directory itself, or the home where there is none. Throws WatchError bad-request.
   */
  findWorkdir(path: string | null): Promise<string>;
  /** A person is there, or a safe: what was refused for want of an answer may be tried again. */
  allowSignIn(): void;
}

/** The clusters that there are, by name. Neither of its functions connects to any. */
export interface ClusterDirectory {
  /** In the order in which people see them. */
  list(): Promise<readonly { readonly name: string; readonly kind: ClusterKind }[]>;
  /** Throws WatchError not-found, with the nearest names. */
  open(name: string): Promise<OpenedCluster>;
}

// ---- notifications ----------------------------------------------------------------------------------------------

export interface HttpAnswer {
  readonly status: number;
  /** How long to wait before the next attempt, ms, if it says so. */
  readonly retryAfterMs: number | null;
  /** The first KiB of what it says. */
  readonly text: string;
}

/** Posts JSON once: no redirects, no proxies, TLS with checked certificates but on this computer itself. */
export interface Http {
  /**
   * Throws WatchError: service-unreachable if nothing was posted, timed-out if the server had all of it and whether it took it is
   * not known. Neither names the address beyond its host.
   */
  post(url: string, body: string, timeLimitMs: number): Promise<HttpAnswer>;
}

export interface Mail {
  /** Null: as the mailer has it. */
  readonly from: string | null;
  readonly to: readonly string[];
  readonly subject: MailHeader;
  readonly body: MailBody;
  readonly time: Time;
}

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** Null: without signing in. */
  readonly signIn: { readonly user: string; readonly password: string } | null;
}

export interface Mailer {
  /**
   * TLS with checked certificates, always. Throws WatchError: service-unreachable (nothing was sent), service-refused (nor ever
   * will be), timed-out (it may have been sent).
   */
  send(mail: Mail & { readonly from: string }, server: MailServer): Promise<void>;
}

/** slack: the webhook. mail: the password of the SMTP server. */
export type SecretName = 'slack' | 'mail';

/** What notifications need that nobody else may know: kept in memory alone. */
export interface Secrets {
  /** Null if there is none now. Throws WatchError bad-request if a file that holds it is not private. */
  find(name: SecretName): Promise<string | null>;
  /** The webhook of a mask, if it is known. */
  findMasked(mask: string): Promise<string | null>;
  /** A person has handed it over; null: it is forgotten. */
  set(name: SecretName, value: string | null): void;
  /** A webhook that a script has named. */
  keepWebhook(webhook: string): void;
}

// ---- matcher ----------------------------------------------------------------------------------------------------

export interface MatchRequest {
  /** Whole segments only: ends with `\n`, with a `\r` that no `\n` follows, or with the file's end after the job's. */
  readonly bytes: Uint8Array;
  /** Byte offset of `bytes[0]` in the file. */
  readonly offset: number;
  readonly patterns: readonly {
    readonly watcher: WatcherId;
    readonly pattern: string;
    /** This watcher's own position: segments that begin before it are not its own. */
    readonly from: number;
  }[];
}

/** One match of a pattern in one segment of a line. Offsets are bytes of the file. */
export interface Hit {
  /** Where the line begins (or the part of it that this request holds). */
  readonly line: number;
  /** Where the segment begins. */
  readonly segment: number;
  /** The matched text, then the groups in their order; null: did not take part. */
  readonly groups: readonly (string | null)[];
}

/** A stretch that could not be matched within the budget. Offsets are bytes of the file. */
export interface Overrun {
  readonly from: number;
  readonly to: number;
  /** What broke the matcher, where it was not the time. */
  readonly error?: string;
}

export interface MatchResult {
  readonly watcher: WatcherId;
  readonly hits: readonly Hit[];
  readonly overrun: Overrun | null;
}

/** Runs patterns off the engine's thread; a pattern that takes too long is stopped, the others go on. */
export interface Matcher {
  /** Something will be matched soon. */
  prepare(): void;
  match(request: MatchRequest): Promise<readonly MatchResult[]>;
  close(): Promise<void>;
}

/** A few words that survive the engine's process, though not a power cut: what it works on. Neither function throws. */
export interface WorkRecord {
  /** What the engine before this one left; null if there is nothing. */
  read(): string | null;
  write(text: string): void;
}

/** What a person has agreed to. */
export interface AgreedPower {
  /** See Power. */
  readonly key: string;
  /** Of resubmissions: how many there may be. */
  readonly limit: number | null;
  /** In words, without secrets; null if an older version has kept it. */
  readonly sentence: string | null;
  /** Where: the cluster, and the folder if that counts; null if an older version has kept it. */
  readonly place: string | null;
  /** Null if an older version has kept it. */
  readonly time: Time | null;
}

/** Kept beside the store, and in no workspace. */
export interface ConsentRecord {
  find(key: string): Pick<AgreedPower, 'limit'> | undefined;
  /** Resolves when it is kept. */
  add(agreed: readonly AgreedPower[]): Promise<void>;
  /** The oldest first. */
  list(): readonly AgreedPower[];
  /** From then on `find` knows none of them. Resolves when that is kept. */
  remove(keys: readonly string[]): Promise<void>;
}

// ---- store ------------------------------------------------------------------------------------------------------

export type Change =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'watcher'; readonly watcher: Watcher }
  | { readonly kind: 'progress'; readonly id: WatcherId; readonly progress: Progress }
  | { readonly kind: 'removeWatcher'; readonly id: WatcherId }
  | { readonly kind: 'event'; readonly event: WatchEvent }
  | { readonly kind: 'metric'; readonly metric: Metric }
  | { readonly kind: 'outbox'; readonly entry: OutboxEntry }
  | { readonly kind: 'outboxDone'; readonly id: string };

/** What the engine must know to go on where it stopped. */
export interface StoredState {
  /** Jobs that have not ended or still have something in the outbox, and arrays with such tasks. */
  readonly jobs: readonly Job[];
  /** Watchers of those jobs. */
  readonly watchers: readonly Watcher[];
  readonly outbox: readonly OutboxEntry[];
  readonly lastEventId: number;
  readonly lastMetricId: number;
  /** Next step of each metric of those jobs. */
  readonly metricSteps: readonly { readonly job: string; readonly name: string; readonly next: number }[];
  /** What was found damaged and what came of it, in sentences for people; told once, empty where all is well. */
  readonly trouble: readonly string[];
}

/** A job of history with all that belongs to it, as `load` gives live ones; empty where it is not known. */
export type Recalled = Pick<StoredState, 'jobs' | 'watchers' | 'metricSteps'>;

export interface JobFilter {
  readonly cluster?: string;
  /** Key or id; an array's id stands for its tasks too. */
  readonly job?: string;
  readonly live?: boolean;
}

export interface WatcherFilter extends JobFilter {
  readonly watcher?: WatcherId;
}

export interface RecordFilter {
  readonly cluster?: string;
  /** Key or id; an array's id stands for its tasks too. */
  readonly job?: string;
  readonly watcher?: WatcherId;
  /** Only what has a greater id. */
  readonly afterId?: number;
  /** Only what has a smaller id. */
  readonly beforeId?: number;
  readonly since?: Time;
  /** The newest so many, in rising order; all where absent. */
  readonly limit?: number;
}

export interface EventFilter extends RecordFilter {
  readonly kind?: WatchEvent['kind'];
  readonly action?: NonNullable<WatchEvent['action']>;
}

export interface MetricFilter extends RecordFilter {
  readonly name?: string;
}

/** One writer. A commit is one transaction, and is acknowledged when it would survive a power cut. */
export interface Store {
  load(): Promise<StoredState>;
  recall(job: JobKey): Promise<Recalled>;
  commit(changes: readonly Change[]): Promise<void>;
  jobs(filter: JobFilter): Promise<readonly Job[]>;
  watchers(filter: WatcherFilter): Promise<readonly Watcher[]>;
  /** In rising order of ids; the newest alone if all are too long for one answer. */
  events(filter: EventFilter): Promise<readonly WatchEvent[]>;
  metrics(filter: MetricFilter): Promise<readonly Metric[]>;
  /** In the order of the request; a series without values is empty. */
  metricSeries(request: SeriesRequest): Promise<readonly MetricSeries[]>;
  /** By job in the order of the request, and in the order in which names were stored first. */
  metricNames(request: MetricNamesRequest): Promise<readonly MetricName[]>;
  close(): Promise<void>;
}
