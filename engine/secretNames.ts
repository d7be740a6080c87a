// Under which names what notifications need is kept: the same for the engine, which asks for it, and the clients, which keep it.
import type { SecretName } from './ports';

/** Under which a client's safe keeps it. */
export const safeKeyOf = (name: SecretName): string => `notification:${name}`;
