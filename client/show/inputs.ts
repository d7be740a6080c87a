// Lists to pick from and boxes to type in: the one way to them. Words of others are neither links nor icons in them.
import {
  window,
  type InputBox,
  type InputBoxOptions,
  type QuickPick,
  type QuickPickItem,
  type QuickPickOptions,
} from 'vscode';
import { toVsCodeLabel, toVsCodePlain, type VsCodeLabel, type VsCodePlain } from '../../language/show/vscode';

/** An icon of a row is its `iconPath`. */
interface ShownRow<Item> extends QuickPickItem {
  readonly label: VsCodeLabel;
  readonly description?: VsCodeLabel;
  readonly detail?: VsCodeLabel;
  readonly item: Item;
}

const toRow = <Item extends QuickPickItem>(item: Item): ShownRow<Item> => {
  const { label, description, detail, ...rest }: QuickPickItem = item;
  return {
    ...rest,
    label: toVsCodeLabel(label),
    ...(description === undefined ? {} : { description: toVsCodeLabel(description) }),
    ...(detail === undefined ? {} : { detail: toVsCodeLabel(detail) }),
    item,
  };
};

interface ShownWords {
  readonly title?: VsCodePlain;
  readonly placeHolder?: VsCodePlain;
  readonly prompt?: VsCodeLabel;
}

type Words = Readonly<Partial<Record<keyof ShownWords, string>>>;

const toWords = ({ title, placeHolder, prompt }: Words): ShownWords => ({
  ...(title === undefined ? {} : { title: toVsCodePlain(title) }),
  ...(placeHolder === undefined ? {} : { placeHolder: toVsCodePlain(placeHolder) }),
  ...(prompt === undefined ? {} : { prompt: toVsCodeLabel(prompt) }),
});

type PickOptions = Omit<QuickPickOptions, 'canPickMany' | 'onDidSelectItem' | 'prompt'>;

/** Undefined where the person changed their mind. */
export async function pickOne<Item extends QuickPickItem>(
  items: readonly Item[],
  options: PickOptions,
): Promise<Item | undefined> {
  return (await window.showQuickPick(items.map(toRow), { ...options, ...toWords(options) }))?.item;
}

/** Undefined where the person changed their mind. */
export async function pickMany<Item extends QuickPickItem>(
  items: readonly Item[],
  options: PickOptions,
): Promise<readonly Item[] | undefined> {
  const all = { ...options, ...toWords(options), canPickMany: true as const };
  return (await window.showQuickPick(items.map(toRow), all))?.map(({ item }) => item);
}

/** A list whose rows have buttons. */
export function createPick<Item extends QuickPickItem>(
  items: readonly Item[],
  words: Words,
): QuickPick<ShownRow<Item>> {
  const pick = window.createQuickPick<ShownRow<Item>>();
  const { title, placeHolder } = toWords(words);
  pick.title = title;
  pick.placeholder = placeHolder;
  pick.items = items.map(toRow);
  return pick;
}

/** Undefined where the person changed their mind. */
export const readInput = (
  options: Omit<InputBoxOptions, 'validateInput'> & {
    /** What is wrong with it, undefined where nothing is. */
    readonly findProblem?: (value: string) => string | undefined;
  },
): Thenable<string | undefined> => {
  const { findProblem, ...rest } = options;
  const validateInput = (value: string): VsCodeLabel | undefined => {
    const problem = findProblem?.(value);
    return problem === undefined ? undefined : toVsCodeLabel(problem);
  };
  return window.showInputBox({ ...rest, ...toWords(rest), ...(findProblem && { validateInput }) });
};

type ShownInput = Omit<InputBox, 'title' | 'prompt' | 'placeholder' | 'validationMessage'> & {
  validationMessage: VsCodeLabel | undefined;
};

/** A box that stays open while what was typed is looked at elsewhere. */
export function createInput(words: Words): ShownInput {
  const input = window.createInputBox();
  const { title, placeHolder, prompt } = toWords(words);
  input.title = title;
  input.placeholder = placeHolder;
  input.prompt = prompt;
  return input as ShownInput;
}
