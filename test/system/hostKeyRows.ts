// What hosts and files of known hosts may look like: each row is tried with the real ssh and with us, side by side.

/**
 * asked: a new key, which the person accepts. refused: what is neither changed nor revoked, and lets in nobody. Keys in files
 * are written `{ed25519}`, `{rsa}` and `{ecdsa}` (the host's own), `{other}` and `{otherRsa}` (of nobody here), `{broken}` (the
 * host's ed25519 key with a base64 that ends wrongly), `{hash:NAME}` for a hashed name, `{dir}` for the folder of the files.
 */
export type Verdict = 'in' | 'asked' | 'changed' | 'revoked' | 'authority' | 'refused';

export interface HostKeyRow {
  readonly name: string;
  /** Lines of ssh_config(5), besides where the host is; by default it is `login.example.org` at ssh's own port. */
  readonly options?: readonly string[];
  /** Files by their names; `known_hosts` and `global` are the user's and the system's. */
  readonly files?: Readonly<Record<string, readonly string[]>>;
  /** Which of the hosts: one that shows keys of all types, or one that has an ecdsa key alone. */
  readonly host?: 'all' | 'ecdsa';
  readonly ssh: Verdict;
  /** What we say instead, which is never less strict; and why. */
  readonly ours?: readonly [Verdict, string];
}

const port = ['Port 2222'];
const strict = (value: string): string => `StrictHostKeyChecking ${value}`;
const modes = ['ask', 'accept-new', 'yes', 'no', 'off'] as const;

const always = 'a changed or revoked key is refused, whatever StrictHostKeyChecking says';
const clear = 'what is meant to be revoked is revoked';
const unchecked = 'the signature of an authority cannot be checked';

export const hostKeyRows: readonly HostKeyRow[] = [
  // What is known.
  { name: 'a known key', files: { known_hosts: ['login.example.org {ed25519}'] }, ssh: 'in' },
  {
    name: 'a known key of another type than the preferred one',
    files: { known_hosts: ['login.example.org {rsa}'] },
    ssh: 'in',
  },
  { name: 'a key that only the system knows', files: { global: ['login.example.org {ed25519}'] }, ssh: 'in' },
  {
    name: 'several files',
    options: ['UserKnownHostsFile {dir}/known_hosts {dir}/second'],
    files: { known_hosts: ['elsewhere {other}'], second: ['login.example.org {ed25519}'] },
    ssh: 'in',
  },
  {
    name: 'one good key among others of the name',
    files: { known_hosts: ['login.example.org {other}', 'login.example.org {ed25519}'] },
    ssh: 'in',
  },
  { name: 'a hashed name', files: { known_hosts: ['{hash:login.example.org} {ed25519}'] }, ssh: 'in' },
  { name: 'a list of names', files: { known_hosts: ['a,LOGIN.example.ORG,b {ed25519}'] }, ssh: 'in' },
  { name: 'a pattern', files: { known_hosts: ['*.exam?le.org {ed25519} a comment'] }, ssh: 'in' },
  {
    name: 'a pattern with the negation of another host',
    files: { known_hosts: ['*.example.org,!node.example.org {ed25519}'] },
    ssh: 'in',
  },
  {
    name: 'comments, blanks and lines that make no sense',
    files: {
      known_hosts: ['# mine', '', 'nonsense', 'login.example.org', '\t login.example.org\t{ed25519}'],
    },
    ssh: 'in',
  },
  { name: 'Windows line ends', files: { known_hosts: ['login.example.org {ed25519}\r'] }, ssh: 'in' },
  {
    name: 'a name in capitals',
    options: ['HostName LOGIN.example.org'],
    files: { known_hosts: ['login.example.org {ed25519}'] },
    ssh: 'in',
  },

  // What is new.
  { name: 'a new host', ssh: 'asked' },
  { name: 'a new host, hashed', options: ['HashKnownHosts yes'], ssh: 'asked' },
  { name: 'a new host at a port', options: port, ssh: 'asked' },
  { name: 'a new host by its alias', options: [...port, 'HostKeyAlias Other.Name'], ssh: 'asked' },
  {
    name: 'a key that is known of another host',
    files: { known_hosts: ['elsewhere {ed25519}'] },
    ssh: 'asked',
  },
  {
    name: 'a pattern that does not mean the host',
    files: { known_hosts: ['*.example.org,!login.example.org {other}', 'login.example.or {other}'] },
    ssh: 'asked',
  },
  {
    name: 'a line that ends within the key',
    files: { known_hosts: ['login.example.org {broken}'] },
    ssh: 'asked',
  },
  {
    name: 'a key that is written under the name of another type',
    files: { known_hosts: ['login.example.org ssh-rsa {ed25519:base64}'] },
    ssh: 'asked',
  },
  {
    name: 'a marker that nobody knows',
    files: { known_hosts: ['@good login.example.org {other}'] },
    ssh: 'asked',
  },
  {
    name: 'no file to keep it in',
    options: ['UserKnownHostsFile none'],
    ssh: 'refused',
  },
  {
    name: 'no file to keep it in, with accept-new',
    options: ['UserKnownHostsFile none', strict('accept-new')],
    ssh: 'refused',
  },
  {
    name: 'no file to keep it in, and the system knows it',
    options: ['UserKnownHostsFile none'],
    files: { global: ['login.example.org {ed25519}'] },
    ssh: 'in',
  },
  {
    name: '/dev/null to keep it in',
    options: ['UserKnownHostsFile /dev/null', strict('no')],
    ssh: 'in',
  },
  { name: 'BatchMode', options: ['BatchMode yes'], ssh: 'refused' },
  ...modes
    .filter((mode) => mode !== 'ask')
    .map((mode) => ({
      name: `a new host with ${mode}`,
      options: [strict(mode)],
      ssh: mode === 'yes' ? ('refused' as const) : ('in' as const),
    })),

  // What has changed.
  { name: 'a changed key', files: { known_hosts: ['login.example.org {other}'] }, ssh: 'changed' },
  { name: 'a changed key by a pattern', files: { known_hosts: ['*.org {other}'] }, ssh: 'changed' },
  {
    name: 'a changed key by a hash',
    files: { known_hosts: ['{hash:login.example.org} {other}'] },
    ssh: 'changed',
  },
  { name: 'a changed key of the system', files: { global: ['login.example.org {other}'] }, ssh: 'changed' },
  {
    name: 'a changed key at a port',
    options: port,
    files: { known_hosts: ['[login.example.org]:2222 {other}', 'login.example.org {ecdsa}'] },
    ssh: 'changed',
  },
  {
    name: 'a changed key of an alias',
    options: ['HostKeyAlias other.name'],
    files: { known_hosts: ['other.name {other}', 'login.example.org {ed25519}'] },
    ssh: 'changed',
  },
  {
    name: 'a key of another type than is known',
    host: 'ecdsa',
    files: { known_hosts: ['login.example.org {other}'] },
    ssh: 'changed',
  },
  {
    name: 'a key of another type than is known, hashed',
    host: 'ecdsa',
    files: { known_hosts: ['{hash:login.example.org} {otherRsa}'] },
    ssh: 'changed',
  },
  {
    name: 'a key of another type than the configuration allows',
    options: ['HostKeyAlgorithms rsa-sha2-512'],
    files: { known_hosts: ['login.example.org {ed25519}'] },
    ssh: 'changed',
  },
  {
    name: 'a key of another type at a port',
    host: 'ecdsa',
    options: port,
    files: { known_hosts: ['[login.example.org]:2222 {other}'] },
    ssh: 'changed',
  },
  ...modes
    .filter((mode) => mode !== 'ask')
    .flatMap((mode) => {
      const isOff = mode === 'no' || mode === 'off';
      const verdict = isOff
        ? { ssh: 'in' as const, ours: ['changed', always] as const }
        : { ssh: 'changed' as const };
      return [
        {
          name: `a changed key with ${mode}`,
          options: [strict(mode)],
          files: { known_hosts: ['login.example.org {other}'] },
          ...verdict,
        },
        {
          name: `a key of another type with ${mode}`,
          host: 'ecdsa' as const,
          options: [strict(mode)],
          files: { known_hosts: ['login.example.org {other}'] },
          ...verdict,
        },
      ];
    }),

  // The name without its port.
  {
    name: 'at a port, what is known of the plain name',
    options: port,
    files: { known_hosts: ['login.example.org {ed25519}'] },
    ssh: 'in',
  },
  {
    name: 'at a port, what is known of the plain name by another type than the preferred one',
    options: port,
    files: { known_hosts: ['login.example.org {rsa}'] },
    ssh: 'asked',
  },
  {
    name: 'at a port, another key of the plain name',
    options: port,
    files: { known_hosts: ['login.example.org {other}'] },
    ssh: 'asked',
  },
  {
    name: 'at a port, another key of the plain name with accept-new',
    options: [...port, strict('accept-new')],
    files: { known_hosts: ['login.example.org {other}'] },
    ssh: 'in',
  },
  {
    name: 'at the usual port, what is known of another port',
    files: { known_hosts: ['[login.example.org]:2222 {ed25519}'] },
    ssh: 'asked',
  },
  {
    name: 'by an alias, what is known of the name',
    options: ['HostKeyAlias other.name'],
    files: { known_hosts: ['login.example.org {ed25519}'] },
    ssh: 'asked',
  },

  // What is revoked.
  {
    name: 'a revoked key',
    files: { known_hosts: ['@revoked * {ed25519}', 'login.example.org {ed25519}'] },
    ssh: 'revoked',
  },
  { name: 'a revoked key of a new host', files: { known_hosts: ['@revoked * {ed25519}'] }, ssh: 'revoked' },
  {
    name: 'a revoked key by a hash',
    files: { known_hosts: ['@revoked {hash:login.example.org} {ed25519}'] },
    ssh: 'revoked',
  },
  {
    name: 'a revoked key that has changed too',
    files: { known_hosts: ['@revoked * {ed25519}', 'login.example.org {other}'] },
    ssh: 'revoked',
  },
  {
    name: 'another key that is revoked',
    files: { known_hosts: ['@revoked * {other}', 'login.example.org {ed25519}'] },
    ssh: 'in',
  },
  {
    name: 'a key that is revoked for another host',
    files: { known_hosts: ['@revoked elsewhere {ed25519}', 'login.example.org {ed25519}'] },
    ssh: 'in',
  },
  {
    name: 'a revoked key behind a tab',
    files: { known_hosts: ['@revoked\t*\t{ed25519:tab}'] },
    ssh: 'revoked',
  },
  {
    name: 'a revoked key behind a tab, with a comment',
    files: { known_hosts: ['@revoked\t*\t{ed25519:tab} mine'] },
    ssh: 'asked',
    ours: ['revoked', clear],
  },
  {
    name: 'a revoked key with too much padding',
    files: { known_hosts: ['@revoked * {ed25519}=', 'login.example.org {ed25519}'] },
    ssh: 'in',
    ours: ['revoked', clear],
  },
  {
    name: 'a revoked number with more zeros before it',
    options: ['HostKeyAlgorithms rsa-sha2-512'],
    files: { known_hosts: ['@revoked * {rsa:padded}', 'login.example.org {rsa}'] },
    ssh: 'revoked',
  },
  {
    name: 'a key that is revoked for the plain name, at a port',
    options: port,
    files: { known_hosts: ['@revoked login.example.org {ed25519}'] },
    ssh: 'asked',
    ours: ['revoked', clear],
  },
  ...(['accept-new', 'no'] as const).map((mode) => ({
    name: `a revoked key with ${mode}`,
    options: [strict(mode)],
    files: { known_hosts: ['@revoked * {ed25519}'] },
    ...(mode === 'no'
      ? { ssh: 'in' as const, ours: ['revoked', always] as const }
      : { ssh: 'revoked' as const }),
  })),

  // RevokedHostKeys.
  {
    name: 'a key in the file of revoked keys',
    options: ['RevokedHostKeys {dir}/revoked'],
    files: {
      known_hosts: ['login.example.org {ed25519}'],
      revoked: ['# gone', '', ' {other} x', '{ed25519}'],
    },
    ssh: 'revoked',
  },
  {
    name: 'a key in the file of revoked keys, with no',
    options: ['RevokedHostKeys {dir}/revoked', strict('no')],
    files: { known_hosts: ['login.example.org {ed25519}'], revoked: ['{ed25519} comment'] },
    ssh: 'revoked',
  },
  {
    name: 'other keys in the file of revoked keys',
    options: ['RevokedHostKeys {dir}/revoked'],
    files: { known_hosts: ['login.example.org {ed25519}'], revoked: ['{other}', '{otherRsa}'] },
    ssh: 'in',
  },
  {
    name: 'an empty file of revoked keys',
    options: ['RevokedHostKeys {dir}/revoked'],
    files: { known_hosts: ['login.example.org {ed25519}'], revoked: [] },
    ssh: 'in',
  },
  {
    name: 'a file of revoked keys that makes no sense',
    options: ['RevokedHostKeys {dir}/revoked'],
    files: { known_hosts: ['login.example.org {ed25519}'], revoked: ['login.example.org {other}'] },
    ssh: 'refused',
  },
  {
    name: 'no file of revoked keys where one should be',
    options: ['RevokedHostKeys {dir}/missing'],
    files: { known_hosts: ['login.example.org {ed25519}'] },
    ssh: 'refused',
  },
  {
    name: 'a key revocation list',
    options: ['RevokedHostKeys {dir}/krl'],
    files: { known_hosts: ['login.example.org {ed25519}'], 'krl:source': ['{other}'] },
    ssh: 'in',
    ours: ['refused', 'key revocation lists cannot be read'],
  },

  // Authorities.
  {
    name: 'an authority and no certificate',
    files: { known_hosts: ['@cert-authority *.example.org {other}'] },
    ssh: 'asked',
    ours: ['authority', unchecked],
  },
  {
    name: 'an authority and a known key',
    files: { known_hosts: ['@cert-authority * {other}', 'login.example.org {ed25519}'] },
    ssh: 'in',
  },
  {
    name: 'an authority and a changed key',
    files: { known_hosts: ['@cert-authority * {other}', 'login.example.org {other}'] },
    ssh: 'changed',
  },
  {
    name: 'an authority of other hosts',
    files: { known_hosts: ['@cert-authority *.elsewhere {other}'] },
    ssh: 'asked',
  },

  // Sizes.
  {
    name: 'a key that is too short for RequiredRSASize',
    options: ['HostKeyAlgorithms rsa-sha2-512', 'RequiredRSASize 8192'],
    files: { known_hosts: ['login.example.org {rsa}'] },
    ssh: 'refused',
  },
];
