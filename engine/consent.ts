// Consent: what watchers and login set-ups may do must have been agreed to; asked for once, and remembered outside of workspaces.
import { findActionRow } from '../language/actionTable';
import { defaultAllowedCommands } from '../language/allowedCommands';
import { findPowers, isPlaced, toConsent, type ConsentPlace } from '../language/consent';
import type { Definition } from '../language/definition';
import { findDirectives } from '../language/directives';
import type { Consent, Power } from '../language/power';
import { modifyOptions, type Modifications } from '../language/sbatch/modifyOptions';
import { ConsentNeeded } from './errors';
import type { Job, OutboxEntry, Submission, Time, Watcher } from './model';
import type { AgreedPower, ConsentRecord } from './ports';
import { isResubmission } from './resubmission';
import { optionsOf } from './slurm/batchOptions';
import { toFolder } from './slurm/scriptOutputs';

export interface ConsentParts {
  readonly record: ConsentRecord;
  /** Names of commands that run without consent; undefined: the default list. */
  readonly allowedCommands: () => readonly string[] | undefined;
  /** The setting of whom mail is sent to that names nobody; null or undefined: there is none. */
  readonly mailTo: () => string | null | undefined;
  readonly now: () => Time;
}

/** What of a submission says where its job works, and whom mail reaches. */
type ConsentSubmission = Pick<
  Submission,
  'script' | 'cleanScript' | 'options' | 'lastingOptions' | 'given' | 'workdir'
>;

/** What is wanted, and for what. */
export interface Wanted {
  /** For people: "train.sh". */
  readonly what: string;
  readonly cluster: string;
  /** What is submitted, or the job was submitted as; null if it is not known. */
  readonly submission: ConsentSubmission | null;
  readonly definitions: readonly Definition[];
  readonly loginSetup: string | null;
  /** The key of the job to which watchers are given; null: it is submitted with them. */
  readonly job: string | null;
  /** The hash of what a person has been shown and agreed to. */
  readonly agreed: string | undefined;
}

export interface Consents {
  /**
   * Throws needs-consent with the list, unless all of it was agreed to, now or before: what is agreed to now is kept. Gives whether
   * something was.
   */
  require(wanted: Wanted): Promise<boolean>;
  /** What was agreed to, the newest first. */
  list(): readonly AgreedPower[];
  /**
   * Has people asked again for these, by their keys, or for all of them (null); what has begun goes on. Gives what there was
   * of them. Throws store-unavailable if that could not be kept: it holds for as long as this engine runs.
   */
  withdraw(keys: readonly string[] | null): Promise<readonly AgreedPower[]>;
  /** Why the first action of an entry may not run; undefined if it may. */
  explainRefusal(entry: OutboxEntry, watcher: Watcher | undefined, job: Job): string | undefined;
}

export function createConsents({ record, allowedCommands, mailTo, now }: ConsentParts): Consents {
  const allowed = (): readonly string[] => allowedCommands() ?? defaultAllowedCommands;
  const toPlace = (submission: ConsentSubmission | null, next: readonly ConsentSubmission[] = []): Reach => {
    if (!submission) return { workdir: null, recipients: [mailTo() ?? ''] };
    const options = [submission, ...next].map(optionsOf);
    const { workdir } = submission;
    return {
      workdir,
      folders: unique(options.map((all) => toFolder(all.get('chdir'), workdir))),
      recipients: unique(options.map((all) => mailTo() ?? all.get('mail-user') ?? '')),
    };
  };
  const isAgreed = ({ key, limit }: Power): boolean => {
    const agreed = record.find(key);
    return agreed !== undefined && (limit === null || (agreed.limit ?? 0) >= limit);
  };
  return {
    require: async ({ what, cluster, submission, definitions, loginSetup, job, agreed }) => {
      const next = submission ? findContinuations(submission, definitions) : [];
      const place = { cluster, ...toPlace(submission, next), allowedCommands: allowed(), job };
      const powers = findPowers({ definitions, loginSetup }, place);
      const open = powers.filter((power) => !power.covered && !isAgreed(power));
      const consent = toConsent(powers);
      if (open.length === 0 || !consent) return false;
      if (agreed !== consent.hash) throw toNeeded(what, consent, agreed !== undefined);
      const where = submission === null ? cluster : `${cluster}, ${submission.workdir}`;
      await record.add(
        open.map(({ key, limit, kind, sentence }) => ({
          ...{ key, limit, sentence, time: now() },
          place: isPlaced(kind) ? where : cluster,
        })),
      );
      return true;
    },
    list: () => [...record.list()].reverse(),
    withdraw: async (keys) => {
      const asked = keys && new Set(keys);
      const withdrawn = record.list().filter(({ key }) => asked?.has(key) ?? true);
      if (withdrawn.length > 0) await record.remove(withdrawn.map(({ key }) => key));
      return withdrawn;
    },
    explainRefusal: ({ actions: [first], cause, standsFor }, watcher, job) => {
      const kind = first && findActionRow(first.type)?.outside?.power.kind;
      // What is done by hand was confirmed with its final texts; what a job may do to itself was never asked about.
      const isConfirmed = cause?.kind === 'byHand' && (standsFor ?? 1) === 1;
      if (!kind || kind === 'ownJob' || isConfirmed) return undefined;
      const { cluster, submission } = job;
      const reach = toPlace(submission);
      // Of an array, its own key was agreed to.
      const place = { cluster, ...reach, allowedCommands: allowed(), job: job.parent ?? job.key };
      const powers = findPowers(
        { definitions: watcher ? [watcher.definition] : [], loginSetup: null },
        place,
      );
      const own = powers.filter(({ action }) => action === first.type);
      const missing = own.find((power) => !power.covered && !isAgreed(power));
      if (own.length > 0 && !missing) return undefined;
      return `Nobody has agreed to it${missing ? `: ${missing.sentence}` : '.'} Submit or attach its watchers again, and agree when you are asked.`;
    },
  };
}

type Reach = Pick<ConsentPlace, 'workdir' | 'folders' | 'recipients'>;

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** The submission as each resubmit changes its options: what is agreed to holds for the jobs that continue it. */
const findContinuations = (
  submission: ConsentSubmission,
  definitions: readonly Definition[],
): readonly ConsentSubmission[] =>
  definitions
    .flatMap(({ actions }) => actions.filter(isResubmission))
    .flatMap(({ params: { modifications } }) => {
      if (typeof modifications !== 'object' || modifications === null || Array.isArray(modifications))
        return [];
      const sources = { ...submission, options: submission.lastingOptions ?? submission.options };
      const { script, options } = modifyOptions(sources, modifications as Modifications);
      return [{ ...submission, cleanScript: findDirectives(script).cleanText, options }];
    });

function toNeeded(what: string, consent: Consent, isOther: boolean): ConsentNeeded {
  const why = isOther
    ? 'what was agreed to is not what it would do now'
    : 'nobody has agreed to what it may do';
  return new ConsentNeeded(`${what}: ${why}.`, 'Look at the list, and agree to it.', consent);
}

/** What was agreed to before, or beside it, stays agreed to. */
export const widenLimit = (
  { limit }: Pick<AgreedPower, 'limit'>,
  known: Pick<AgreedPower, 'limit'> | undefined,
): number | null => (limit === null ? null : Math.max(limit, known?.limit ?? 0));

/** Where nothing is kept: for as long as the engine runs. */
export function createConsentMemory(): ConsentRecord {
  const known = new Map<string, AgreedPower>();
  return {
    find: (key) => known.get(key),
    list: () => [...known.values()],
    add: (agreed) => {
      for (const power of agreed)
        known.set(power.key, { ...power, limit: widenLimit(power, known.get(power.key)) });
      return Promise.resolve();
    },
    remove: (keys) => {
      for (const key of keys) known.delete(key);
      return Promise.resolve();
    },
  };
}
