// Whether a line tells of trouble: then it is the message that people look for, and not its numbers.

const words =
  /\b(?:errors?|fail(?:ed|ure)?|fatal|\w*exception|traceback|cancelled|killed|abort(?:ed)?|exceeded|denied|segmentation fault|out of memory|no space left)\b/i;

export const tellsTrouble = (text: string): boolean => words.test(text);
