// How VS Code asks: a host's fingerprint in a modal dialog, secrets in input boxes that hide them.
import { window } from 'vscode';
import type { Dialogs } from './questions';
import { toOneLine } from './words';

const words = { passphrase: 'passphrase', password: 'password', 'keyboard-interactive': 'answer' } as const;

export const questionDialogs: Dialogs = {
  confirmHost: async (cluster, { host, keyType, fingerprint }) => {
    const connect = 'Connect';
    const detail = `It shows a key of the type ${keyType} with the fingerprint\n${fingerprint}\n\nCompare it with what your site publishes: a wrong one means that somebody listens. It is remembered in your known_hosts.`;
    const question =
      host === cluster
        ? `The host ${host} is not known yet. Is it the right one?`
        : `The host ${host} of ${cluster} is not known yet. Is it the right one?`;
    return (await window.showWarningMessage(question, { modal: true, detail }, connect)) === connect;
  },
  readLine: (cluster, { instructions, again }, { text, echo }) =>
    window.showInputBox({
      title: `Sign In to ${cluster}`,
      prompt: [...(again ? ['That was not right.'] : []), toSentence(text), instructions.trim()]
        .filter((part) => part !== '')
        .join(' — '),
      password: !echo,
      ignoreFocusOut: true,
    }),
  offerToKeep: async (cluster, { method }) => {
    const keep = 'Keep';
    const question = `Keep the ${words[method]} for ${cluster} in VS Code's secret storage? You are not asked again then.`;
    return (await window.showInformationMessage(question, keep, 'Not Now')) === keep;
  },
  tellNotKept: (cluster, { method }, thrown) => {
    const reason = toOneLine(thrown instanceof Error ? thrown.message : String(thrown));
    void window.showWarningMessage(
      `The ${words[method]} for ${cluster} could not be kept, and is asked for again next time: ${reason.replace(/\.$/, '')}. Unlock or install your system's keyring (gnome-keyring, KWallet); an ssh agent needs none.`,
    );
  },
};

const toSentence = (text: string): string => text.trim().replace(/:$/, '').trimEnd();
