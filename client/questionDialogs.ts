// How VS Code asks: a host's fingerprint in a modal dialog, secrets in input boxes that hide them.
import { toOneLine } from '../engine/words';
import type { Dialogs, Secret } from './questions';
import { readInput } from './show/inputs';
import { askInDialog, showMessage } from './show/messages';

const words = { passphrase: 'passphrase', password: 'password', 'keyboard-interactive': 'answer' } as const;

export const questionDialogs: Dialogs = {
  confirmHost: async (cluster, { host, keyType, fingerprint, otherNames }) => {
    const connect = 'Connect';
    const others =
      otherNames.length === 0 ? '' : `\n\nThe same key is known by other names:\n${otherNames.join('\n')}`;
    const detail = `It shows a key of the type ${keyType} with the fingerprint\n${fingerprint}${others}\n\nCompare it with what your site publishes: a wrong one means that somebody may be listening in. It is remembered in your known_hosts.`;
    const question =
      host === cluster
        ? `The host ${host} is not known yet. Is it the right one?`
        : `The host ${host} of ${cluster} is not known yet. Is it the right one?`;
    return (await askInDialog(question, detail, connect)) === connect;
  },
  readLine: (cluster, question, { text, echo }) =>
    readInput({
      title: `Sign In to ${cluster}`,
      prompt: toPrompt(question, text),
      password: !echo,
      ignoreFocusOut: true,
    }),
  offerToKeep: async (cluster, { method }) => {
    const keep = 'Keep';
    const question = `Keep the ${words[method]} for ${cluster} in VS Code's secret storage? Then you are not asked again.`;
    return (await showMessage('info', question, keep, 'Not Now')) === keep;
  },
  tellNotKept: (cluster, { method }, thrown) => {
    const reason = toOneLine(thrown instanceof Error ? thrown.message : String(thrown));
    void showMessage(
      'warning',
      `The ${words[method]} for ${cluster} could not be kept, and is asked for again next time: ${reason.replace(/\.$/, '')}. Unlock or install your system's keyring (gnome-keyring, KWallet); an ssh agent needs none.`,
    );
  },
};

/** What a server says is told from what this computer says: it could ask for anything. */
function toPrompt(
  { method, instructions, again }: Pick<Secret, 'method' | 'instructions' | 'again'>,
  text: string,
): string {
  const asked = toSentence(text);
  return [
    ...(again ? ['That was not right.'] : []),
    method === 'keyboard-interactive' ? `The server asks: ${asked}` : asked,
    ...(instructions.trim() === '' ? [] : [`It says: ${instructions.trim()}`]),
  ].join(' — ');
}

const toSentence = (text: string): string => text.trim().replace(/:$/, '').trimEnd();
