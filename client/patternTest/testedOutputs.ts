// On what scripts were tested last, in this workspace.
import type { Uri } from 'vscode';
import type { App } from '../app';
import type { RememberedOutput } from './outputs';

const memoryKey = 'testedOutputs';
/** So many scripts are remembered. */
const remembered = 50;

type Remembered = readonly (readonly [script: string, output: RememberedOutput])[];

export class TestedOutputs {
  constructor(
    private readonly app: App,
    private readonly script: Uri | undefined,
  ) {}

  get last(): RememberedOutput | undefined {
    return this.#all.find(([script]) => script === this.script?.toString())?.[1];
  }

  remember(output: RememberedOutput | undefined): void {
    const script = this.script?.toString();
    if (!output || script === undefined) return;
    const others = this.#all.filter(([known]) => known !== script);
    void this.app.context.workspaceState.update(memoryKey, [...others, [script, output]].slice(-remembered));
  }

  get #all(): Remembered {
    return this.app.context.workspaceState.get<Remembered>(memoryKey, []);
  }
}
