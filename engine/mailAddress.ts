// Addresses of mail, as narrow as every mailer takes them for an address: never an option, a file, a command or two of them.

/** A local user has no `@`. Source: RFC 5321 without quoted local parts; POSIX, mailx, for what names files and commands. */
export const isMailAddress = (text: string): boolean =>
  text.length <= 254 &&
  /^[A-Za-z0-9_][A-Za-z0-9._+=~-]*(?:@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)?$/.test(text);

/** Those that commas separate. */
export const splitAddresses = (text: string): readonly string[] =>
  text
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
