// The colour of a group: the same in its chip, in the sample and in the table.

/** Colours go round. */
export const toGroupClass = (group: number): string => `group-${((group - 1) % 6) + 1}`;
