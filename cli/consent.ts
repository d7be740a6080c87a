// Asks the engine for what needs consent: shows what it may do, and asks at the terminal; --yes agrees, and nobody there refuses.
import { ConsentNeeded } from '../engine/errors';
import type { EngineRequests } from '../engine/protocol';
import { describePowers } from '../language/consent';
import type { Context, SteadyLink } from './commands/command';

type Method = 'engine/submit' | 'engine/attach' | 'engine/edit';

export interface ConsentOptions {
  readonly yes?: true | undefined;
  readonly json?: true | undefined;
}

export const yesWords = 'agree to what the watchers and the login set-up may do';

/** `verb`: what is asked about, `Submit`. Undefined if the person does not agree. Throws needs-consent if nobody can be asked. */
export async function requestWithConsent<M extends Method>(
  link: SteadyLink,
  [method, params]: readonly [M, EngineRequests[M][0]],
  {
    verb,
    options,
    context,
  }: { readonly verb: string; readonly options: ConsentOptions; readonly context: Context },
): Promise<EngineRequests[M][1] | undefined> {
  for (let given = params; ;) {
    try {
      return await link.request(method, given);
    } catch (error) {
      if (!(error instanceof ConsentNeeded)) throw error;
      if (!(await isAgreed(error, verb, { options, context }))) return undefined;
      given = { ...params, agreed: error.consent.hash };
    }
  }
}

async function isAgreed(
  { message, consent }: ConsentNeeded,
  verb: string,
  { options, context }: { readonly options: ConsentOptions; readonly context: Context },
): Promise<boolean> {
  const { output } = context;
  const show = (): void => {
    output.note('What it may do:');
    for (const line of describePowers(consent.powers)) output.note(`  ${line}`);
  };
  if (options.yes) {
    if (!options.json) show();
    return true;
  }
  if (context.canAsk) show();
  const said = context.canAsk ? await context.confirm(`${verb}? [y/N]`) : null;
  if (said === null)
    throw new ConsentNeeded(message, 'Read what it may do, and agree to it with --yes.', consent);
  if (!said) output.note('Nothing was done.');
  return said;
}
