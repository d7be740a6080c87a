// What is known of a thing as the table of its tooltip: what is not known is left out.
import { toMarkdownTable, type Markdown } from '../../language/show/markdown';

export type Fact = readonly [title: string, value: string | null];

const isKnown = (fact: Fact): fact is readonly [string, string] => fact[1] !== null && fact[1] !== '';

export const toFactTable = (facts: readonly Fact[]): Markdown => toMarkdownTable(facts.filter(isKnown));
