// What is remembered of a builder when its panel is closed: what was left unfinished, and the directive that came of it.
import type { Memento } from 'vscode';

const memoryKey = 'builders';
/** This many builders are remembered, and files of samples. */
const remembered = 30;

/** A directive by what finds it again. */
export interface DirectivePlace {
  readonly script: string;
  readonly name: string;
  readonly line: number;
}

interface Remembered {
  readonly key: string;
  readonly left?: string;
  readonly place?: DirectivePlace;
}

export class BuilderMemory {
  constructor(
    private readonly state: Memento,
    private readonly key: string,
  ) {}

  get left(): string | null {
    return this.#own.left ?? null;
  }

  get place(): DirectivePlace | undefined {
    return this.#own.place;
  }

  async keep(left: string | null): Promise<void> {
    const { key, place } = this.#own;
    await this.#write({ key, ...(left !== null && { left }), ...(place && { place }) });
  }

  async rememberPlace(place: DirectivePlace): Promise<void> {
    await this.#write({ ...this.#own, place });
  }

  get #all(): readonly Remembered[] {
    return this.state.get<readonly Remembered[]>(memoryKey, []);
  }

  get #own(): Remembered {
    return this.#all.find(({ key }) => key === this.key) ?? { key: this.key };
  }

  async #write(own: Remembered): Promise<void> {
    const others = this.#all.filter(({ key }) => key !== this.key);
    const isEmpty = own.left === undefined && own.place === undefined;
    await this.state.update(memoryKey, [...others, ...(isEmpty ? [] : [own])].slice(-remembered));
  }
}
