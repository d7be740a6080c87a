// What JSON can hold: parameters of actions and fields of the JSON form.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
