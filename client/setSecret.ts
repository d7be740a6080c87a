// Takes what notifications need and nobody else may know: kept in VS Code's secret storage, handed to the engine, shown nowhere.
import type { SecretName } from '../engine/protocol';
import { safeKeyOf } from '../engine/secretNames';
import type { App } from './app';
import { readInput } from './show/inputs';
import { showMessage } from './show/messages';

export async function setSecret(
  { engine, context }: App,
  name: SecretName,
  words: { readonly title: string; readonly prompt: string },
): Promise<void> {
  const typed = await readInput({ ...words, password: true, ignoreFocusOut: true });
  if (typed === undefined) return;
  const value = typed.trim() === '' ? null : typed.trim();
  // The engine looks at it first: what cannot be right is not kept.
  await engine.request('engine/setSecret', { name, value });
  if (value === null) await context.secrets.delete(safeKeyOf(name));
  else await context.secrets.store(safeKeyOf(name), value);
  const done = value === null ? 'It is forgotten.' : "It is kept in VS Code's secret storage.";
  void showMessage('info', done);
}
