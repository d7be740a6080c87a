// Samples for a builder: the outputs of jobs, those of its script first, and files that a person has chosen.
import { Uri, window } from 'vscode';
import { WatchError } from '../../../engine/errors';
import type { Job, Stream } from '../../../engine/model';
import { describeJob, nameJob } from '../../../engine/words';
import type { BuilderContext, OfferedSource, Sample, SampleSource } from '../../../webviews/builder/protocol';
import type { App } from '../../app';
import { fromFile } from '../../patternTest/outputs';

/** Of a long output its end is the sample, bytes. */
const mostBytes = 8 * 1024 * 1024;
const pieceBytes = 1 << 20;
/** This many jobs are offered. */
const mostJobs = 30;
const filesKey = 'builderFiles';
const mostFiles = 10;

/** What a page asks for: it may be anything. */
interface AskedSource {
  readonly kind: string;
  readonly cluster?: string | undefined;
  readonly job?: string | undefined;
  readonly uri?: string | undefined;
}

/** What a dry run goes through. */
export type SampleToRehearse =
  | { readonly cluster: string; readonly job: string }
  | { readonly bytes: Uint8Array; readonly isWhole: boolean }
  | { readonly text: string };

export class BuilderSamples {
  constructor(
    private readonly app: App,
    private readonly context: BuilderContext,
    private readonly findScript: () => Uri | undefined,
  ) {}

  /** What the builder was opened from. */
  get own(): SampleSource | null {
    const { context } = this;
    if (context.kind !== 'job' && context.kind !== 'line') return null;
    return { kind: 'job', cluster: context.cluster, job: context.job };
  }

  /** The one that it was opened from and the script's last job come first. */
  async list(): Promise<readonly OfferedSource[]> {
    const { app, context, own } = this;
    const jobs = (await app.engine.request('engine/jobs', {})).filter(
      ({ id, isArray }) => id !== '' && !isArray,
    );
    const script = this.findScript();
    const ofScript = script ? app.scripts.jobsOf(script) : [];
    const watched =
      context.kind === 'watcher' ? app.engine.mirror.findWatcher(context.watcher)?.job : undefined;
    const rank = ({ key, parent }: Job): number =>
      key === watched ? 0 : ofScript.includes(key) || (parent !== null && ofScript.includes(parent)) ? 1 : 2;
    const isOwn = ({ key, id, cluster }: Job): boolean =>
      own?.kind === 'job' && own.cluster === cluster && (own.job === key || own.job === id);
    const known = [...jobs].sort((a, b) => rank(a) - rank(b) || b.submitted - a.submitted);
    const sources = known
      .filter((job) => !isOwn(job))
      .slice(0, mostJobs)
      .map(toOffered);
    return [...this.#offerOwn(jobs.find(isOwn)), ...sources, ...this.#files.map(toOfferedFile)];
  }

  async chooseFile(): Promise<OfferedSource | null> {
    const [uri] = (await window.showOpenDialog({ title: 'Sample', openLabel: 'Use as Sample' })) ?? [];
    if (!uri) return null;
    const chosen = uri.toString();
    const others = this.#files.filter((file) => file !== chosen);
    await this.app.context.workspaceState.update(filesKey, [chosen, ...others].slice(0, mostFiles));
    return toOfferedFile(chosen);
  }

  async read(source: AskedSource): Promise<Sample> {
    const found = await this.toRehearse(source);
    if ('cluster' in found) {
      const { cluster, job } = found;
      const [stdout, stderr] = [
        await this.#readStream({ cluster, job }, 'stdout'),
        await this.#readStream({ cluster, job }, 'stderr'),
      ];
      const isSame = stdout !== null && stdout.path === stderr?.path;
      return {
        stdout: stdout?.text ?? null,
        stderr: isSame ? null : (stderr?.text ?? null),
        isWhole: (stdout?.isWhole ?? true) && (stderr?.isWhole ?? true),
      };
    }
    if (!('bytes' in found)) return { stdout: found.text, stderr: null, isWhole: true };
    const bytes = found.bytes.subarray(-mostBytes);
    const isWhole = found.isWhole && bytes.length === found.bytes.length;
    return { stdout: new TextDecoder().decode(bytes), stderr: null, isWhole };
  }

  /** Only files that a person has chosen. Throws WatchError. */
  async toRehearse({ kind, cluster, job, uri }: AskedSource): Promise<SampleToRehearse> {
    if (kind === 'job' && cluster !== undefined && job !== undefined) return { cluster, job };
    if (kind !== 'file' || uri === undefined || !this.#files.includes(uri))
      throw new WatchError('not-found', 'This sample is not known any more.', 'Choose another one.');
    const source = fromFile(Uri.parse(uri));
    if (source.kind !== 'bytes') throw new TypeError('A file is read as bytes.');
    return source.read();
  }

  get #files(): readonly string[] {
    return this.app.context.workspaceState.get<readonly string[]>(filesKey, []);
  }

  #offerOwn(job: Job | undefined): readonly OfferedSource[] {
    const { own, context } = this;
    if (own === null) return [];
    if (job) return [{ ...toOffered(job), source: own }];
    return 'title' in context ? [{ source: own, label: context.title, detail: '' }] : [];
  }

  /** Null if there is no such output (yet). */
  async #readStream(
    of: { readonly cluster: string; readonly job: string },
    stream: Stream,
  ): Promise<{ readonly path: string; readonly text: string; readonly isWhole: boolean } | null> {
    const ask = (from: number | null, maxBytes: number) =>
      this.app.engine.request('engine/readOutput', { ...of, stream, from, maxBytes });
    try {
      const last = await ask(null, pieceBytes);
      const begin = Math.max(0, last.size - mostBytes);
      const pieces: string[] = [];
      for (let from = begin; from < last.from;) {
        const piece = await ask(from, Math.min(pieceBytes, last.from - from));
        if (piece.to <= from) break;
        pieces.push(piece.text);
        from = piece.to;
      }
      const text = [...pieces, last.text].join('');
      // What is cut at the beginning is not a line.
      const whole = begin === 0 ? text : text.slice(text.indexOf('\n') + 1);
      return { path: last.path, text: whole, isWhole: begin === 0 };
    } catch (thrown) {
      if (thrown instanceof WatchError && thrown.code === 'not-found') return null;
      throw thrown;
    }
  }
}

const toOffered = (job: Job): OfferedSource => ({
  source: { kind: 'job', cluster: job.cluster, job: job.key },
  label: nameJob(job),
  detail: describeJob(job, Date.now()),
});

const toOfferedFile = (uri: string): OfferedSource => {
  const { path } = Uri.parse(uri);
  return { source: { kind: 'file', uri }, label: path.slice(path.lastIndexOf('/') + 1), detail: path };
};
