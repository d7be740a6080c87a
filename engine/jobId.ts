// What a job's id looks like: whatever else a request calls a job reaches no command and no path.

/** `4242`, the array task `4242_3`, the component `4242+1` of a heterogeneous job. */
export const isJobId = (text: string): boolean => /^\d+(?:_\d+)?(?:\+\d+)?$/.test(text);
