// Who asks, in words for events and for the log: a client says what it is, and nothing of that can be proved here.
import type { ClientName, Hello } from '../protocol';

const names: Readonly<Record<ClientName, string>> = {
  vscode: 'VS Code',
  cli: 'the command line',
  test: 'a test',
};

/** Node tells no credentials of a socket's other end: any process of the user could say the same. */
export function describeClient(hello: Pick<Hello, 'client' | 'pid'> | null): string {
  if (hello === null) return 'an unknown program';
  return `${names[hello.client]} (process ${hello.pid}, by its own account)`;
}

/** What reaches a cluster by hand; null for anything else. Parameters have been checked. */
export function describeDoing(method: string, params: unknown): string | null {
  const { cluster, job, scriptName, watcher, agreed } = params as Readonly<Record<string, string>>;
  const agreement = agreed === undefined ? '' : ', and reports that you have agreed to what it may do';
  const quote = (text: string | undefined): string => JSON.stringify((text ?? '').slice(0, 200));
  if (method === 'engine/submit')
    return `Asked to submit ${quote(scriptName)} to ${quote(cluster)}${agreement}`;
  if (method === 'engine/attach')
    return `Asked to attach watchers to job ${quote(job)} of ${quote(cluster)}${agreement}`;
  if (method === 'engine/edit') return `Asked to edit watcher ${quote(watcher)}${agreement}`;
  if (method === 'engine/cancelJob') return `Asked to cancel job ${quote(job)} of ${quote(cluster)}`;
  return null;
}
