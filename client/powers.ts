// What watchers may do beyond noting things down, in sentences that people read before they agree.
import type { Definition } from '../language/definition';
import { toVisible } from '../language/show/visible';

type Action = Definition['actions'][number];

const quiet: readonly Action['type'][] = ['log_event', 'store_metric', 'pause_watcher'];

/** One sentence, on one line, for each action that reaches outside, with the name of its watcher; each is said once. */
export function describePowers(watchers: readonly { readonly definition: Definition }[]): readonly string[] {
  const sentences = watchers.flatMap(({ definition: { name, actions } }) =>
    actions.filter(({ type }) => !quiet.includes(type)).map((action) => `"${name}" ${describe(action)}.`),
  );
  return [...new Set(sentences.map(toVisible))];
}

function describe({ type, params }: Action): string {
  const text = (name: string): string | undefined => {
    const value = params[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  switch (type) {
    case 'cancel_job':
      return 'cancels the job';
    case 'resubmit':
      return 'submits the job again';
    case 'run_command':
      return `runs this command on the cluster: ${text('command') ?? ''}`;
    case 'notify_email':
      return `sends mail to ${text('to') ?? 'your address'}`;
    case 'notify_slack':
      return 'sends a message to Slack';
    default:
      return `runs ${type}`;
  }
}
