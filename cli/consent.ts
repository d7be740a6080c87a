// Asks the engine for what needs consent: shows what it may do, and asks at the terminal; --yes agrees, and nobody there refuses.
import { ConsentNeeded } from '../engine/errors';
import type { EngineRequests } from '../engine/protocol';
import { describePowers } from '../language/consentWords';
import type { Context, SteadyLink } from './commands/command';

type Method = 'engine/submit' | 'engine/attach' | 'engine/edit';

export interface ConsentOptions {
  readonly yes?: true | undefined;
  readonly json?: true | undefined;
}

export const yesWords = 'agree to what the watchers and the login set-up may do';

/** What is refused is mostly refused sooner, ms. */
const refusedMs = 1000;

export interface ConsentRequest {
  /** What is asked about, `Submit`. */
  readonly verb: string;
  readonly options: ConsentOptions;
  readonly context: Context;
  /** Said once it is being done: after somebody has agreed, or if it takes longer than a refusal. */
  readonly announcement?: string;
  /** Given what a login set-up prints as it comes. */
  readonly listen?: (text: string) => void;
}

/** Undefined if the person does not agree. Throws needs-consent if nobody can be asked. */
export async function requestWithConsent<M extends Method>(
  link: SteadyLink,
  [method, params]: readonly [M, EngineRequests[M][0]],
  { verb, options, context, announcement, listen }: ConsentRequest,
): Promise<EngineRequests[M][1] | undefined> {
  let isAnnounced = announcement === undefined;
  const announce = (): void => {
    if (!isAnnounced) context.output.note(announcement ?? '');
    isAnnounced = true;
  };
  for (let given = params; ;) {
    const timer = given === params ? setTimeout(announce, refusedMs) : undefined;
    try {
      return await link.request(method, given, listen);
    } catch (error) {
      if (!(error instanceof ConsentNeeded)) throw error;
      clearTimeout(timer);
      if (!(await isAgreed(error, verb, { options, context }))) return undefined;
      announce();
      given = { ...params, agreed: error.consent.hash };
    } finally {
      clearTimeout(timer);
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
