// A function of a text that remembers its answers, for what editors ask again with every key stroke.

/** Forgets all where there are more than `limit` answers: nothing is asked that often. */
export function remember<Answer>(limit: number, find: (text: string) => Answer): (text: string) => Answer {
  const answers = new Map<string, { readonly answer: Answer }>();
  return (text) => {
    let known = answers.get(text);
    if (!known) {
      if (answers.size >= limit) answers.clear();
      known = { answer: find(text) };
      answers.set(text, known);
    }
    return known.answer;
  };
}
