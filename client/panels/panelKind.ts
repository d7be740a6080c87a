// What a kind of panel is: its page, what it is about, and who answers its questions.
import type { AnswerOf, AskName, AskTable, NewsName, PageProtocol, ParamsOf } from '../../webviews/protocol';
import type { Owned } from '../owned';

export type PageName = 'builder' | 'output' | 'metrics';

/** The way from the extension to a page. */
export interface PageLink<P extends PageProtocol> {
  readonly tell: <Name extends NewsName<P>>(name: Name, value: P['news'][Name]) => void;
  readonly setTitle: (title: string) => void;
}

/** Who serves a page, from when it is loaded until it is hidden, loaded again or closed. Errors go to the page as words. */
export interface PageServer<P extends PageProtocol> extends Owned {
  readonly answers: {
    readonly [Name in AskName<P>]: (
      params: ParamsOf<P, Name>,
    ) => Promise<AnswerOf<P, Name>> | AnswerOf<P, Name>;
  };
}

export interface PanelKind<P extends PageProtocol> {
  readonly page: PageName;
  /** Whether a script works beside the page. */
  readonly hasWorker: boolean;
  readonly asks: AskTable<P>;
  /** What VS Code has kept may be an older version's, or nothing: undefined then. */
  readonly readContext: (kept: unknown) => P['context'] | undefined;
  /** There is one panel for each. */
  readonly keyOf: (context: P['context']) => string;
  readonly titleOf: (context: P['context']) => string;
  readonly serve: (context: P['context'], page: PageLink<P>) => PageServer<P>;
}
