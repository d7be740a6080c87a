// What ssh's configuration says of a host, as `ssh -G` prints it: one option a line, names in lower case.

export interface HostConfig {
  /** What a person types behind `ssh`. */
  readonly alias: string;
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  readonly addressFamily: 0 | 4 | 6;
  readonly hostKeyAlias: string | null;
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  readonly hashKnownHosts: boolean;
  readonly strictHostKeys: 'ask' | 'yes' | 'no' | 'accept-new';
  /** Whether the host's address is looked up in the files as well. */
  readonly checksAddress: boolean;
  /** A file of keys that no host may show; null if there is none. */
  readonly revokedHostKeys: string | null;
  /** RSA keys of hosts and people that are shorter are not used. */
  readonly minRsaBits: number;
  /** Nobody is asked for anything. */
  readonly isBatch: boolean;
  /** How often a password or passphrase may be asked for. */
  readonly maxPrompts: number;
  readonly identityFiles: readonly string[];
  readonly certificateFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** A path, a variable of the environment (`$NAME`, `SSH_AUTH_SOCK`), or `none`; null where nothing is said. */
  readonly identityAgent: string | null;
  /** Ways to sign in that are allowed, in the order in which they are tried. */
  readonly methods: readonly string[];
  readonly proxyJump: string | null;
  readonly proxyCommand: string | null;
  /** The address of this computer that connections come from, and the interface that it is the address of. */
  readonly bindAddress: string | null;
  readonly bindInterface: string | null;
  readonly aliveIntervalMs: number;
  readonly aliveCountMax: number;
  readonly connectTimeoutMs: number;
  /** Wanted algorithms by `ssh -G`'s names of the options; what is empty is left to us. */
  readonly algorithms: {
    readonly ciphers: readonly string[];
    readonly macs: readonly string[];
    readonly kexalgorithms: readonly string[];
    readonly hostkeyalgorithms: readonly string[];
    readonly pubkeyacceptedalgorithms: readonly string[];
  };
  /** Options that cannot be followed, and that it would be less safe to pass over: such a host is not connected to. */
  readonly refusals: readonly string[];
}

export interface LocalPlace {
  readonly home: string;
  readonly user: string;
}

/** Lines of options by their names in lower case, in their order. */
export type Options = ReadonlyMap<string, readonly string[]>;

export function parseOptions(text: string): Options {
  const options = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^(\S+)(.*)/s.exec(line) ?? [];
    if (name === '') continue;
    const values = options.get(name.toLowerCase()) ?? [];
    values.push(value.trimStart());
    options.set(name.toLowerCase(), values);
  }
  return options;
}

const defaultMethods = 'publickey,keyboard-interactive,password';
const defaultIntervalMs = 10_000;
const defaultConnectMs = 20_000;

const defaultPrompts = 3;
const defaultRsaBits = 1024;

/** ssh(1) names the options of each method; an older one has other names for them. */
const methodOptions: Readonly<Record<string, readonly string[]>> = {
  publickey: ['pubkeyauthentication', 'dsaauthentication'],
  'keyboard-interactive': [
    'kbdinteractiveauthentication',
    'challengeresponseauthentication',
    'skeyauthentication',
    'tisauthentication',
  ],
  password: ['passwordauthentication'],
};

/** Ways to sign in for which somebody must be asked. */
const askingMethods: readonly string[] = ['password', 'keyboard-interactive'];

export function toHostConfig(alias: string, options: Options, local: LocalPlace): HostConfig {
  const find = (name: string): string | undefined => {
    const value = options.get(name)?.[0];
    return value === undefined || value === '' ? undefined : value;
  };
  const isYes = (name: string): boolean => /^(yes|true)$/i.test(find(name) ?? '');
  const isNo = (name: string): boolean => /^(no|false)$/i.test(find(name) ?? '');
  const list = (...among: readonly string[]): readonly string[] =>
    among
      .map(find)
      .find((value) => value !== undefined)
      ?.split(',') ?? [];
  const hostname = find('hostname') ?? alias;
  const port = Number(find('port') ?? 22);
  const user = find('user') ?? local.user;
  const names = { hostname, port: String(port), user, alias, local };
  const paths = (name: string): readonly string[] =>
    (options.get(name) ?? [])
      .flatMap((value) => splitPaths(value))
      .filter((path) => path !== 'none')
      .map((path) => expandPath(path, names));
  const number = (name: string, otherwise: number): number => {
    const value = Number(find(name) ?? otherwise);
    return Number.isInteger(value) && value >= 0 ? value : otherwise;
  };
  const named = (name: string): string | null => {
    const value = find(name);
    return value === undefined || value.toLowerCase() === 'none' ? null : value;
  };
  const seconds = (name: string, otherwise: number): number => {
    const value = Number(find(name));
    return Number.isFinite(value) && value > 0 ? value * 1000 : otherwise;
  };
  const proxyCommand = named('proxycommand');
  const revokedHostKeys = named('revokedhostkeys');
  const identityAgent = find('identityagent');
  const methods = (find('preferredauthentications') ?? defaultMethods).split(',');
  const isBatch = isYes('batchmode');
  return {
    alias,
    hostname,
    port,
    user,
    addressFamily: { inet: 4 as const, inet6: 6 as const }[find('addressfamily') ?? ''] ?? 0,
    hostKeyAlias: find('hostkeyalias') ?? null,
    userKnownHosts: paths('userknownhostsfile'),
    globalKnownHosts: paths('globalknownhostsfile'),
    hashKnownHosts: isYes('hashknownhosts'),
    strictHostKeys: toStrictness(find('stricthostkeychecking')),
    checksAddress: isYes('checkhostip'),
    revokedHostKeys: revokedHostKeys === null ? null : expandPath(revokedHostKeys, names),
    minRsaBits: Math.max(defaultRsaBits, number('requiredrsasize', defaultRsaBits)),
    isBatch,
    maxPrompts: number('numberofpasswordprompts', defaultPrompts),
    identityFiles: paths('identityfile'),
    certificateFiles: paths('certificatefile'),
    identitiesOnly: isYes('identitiesonly'),
    identityAgent: identityAgent === undefined ? null : expandPath(identityAgent, names),
    methods: methods.filter(
      (method) => !(methodOptions[method] ?? []).some(isNo) && !(isBatch && askingMethods.includes(method)),
    ),
    proxyJump: named('proxyjump'),
    proxyCommand: proxyCommand === null ? null : expandTokens(proxyCommand, names),
    bindAddress: named('bindaddress'),
    bindInterface: named('bindinterface'),
    aliveIntervalMs: seconds('serveraliveinterval', defaultIntervalMs),
    aliveCountMax: Number(find('serveralivecountmax') ?? 3),
    connectTimeoutMs: seconds('connecttimeout', defaultConnectMs),
    algorithms: {
      ciphers: list('ciphers'),
      macs: list('macs'),
      kexalgorithms: list('kexalgorithms'),
      hostkeyalgorithms: list('hostkeyalgorithms'),
      pubkeyacceptedalgorithms: list('pubkeyacceptedalgorithms', 'pubkeyacceptedkeytypes'),
    },
    refusals: [
      ...(named('knownhostscommand') === null ? [] : ['KnownHostsCommand']),
      ...(isYes('proxyusefdpass') && proxyCommand !== null ? ['ProxyUseFdpass'] : []),
      ...(find('match') === undefined
        ? []
        : [`Match ${find('match') ?? ''} (which only an installed ssh can answer)`]),
      ...(find('refuseconnection') === undefined ? [] : ['RefuseConnection']),
    ],
  };
}

function toStrictness(value = 'ask'): HostConfig['strictHostKeys'] {
  if (/^(yes|true)$/i.test(value)) return 'yes';
  if (/^(no|off|false)$/i.test(value)) return 'no';
  return value === 'accept-new' ? 'accept-new' : 'ask';
}

interface TokenValues {
  readonly hostname: string;
  readonly port: string;
  readonly user: string;
  readonly alias: string;
  readonly local: LocalPlace;
}

/** `ssh -G` prints several paths on a line and no quotes: a new path begins where one can begin. */
const splitPaths = (value: string): readonly string[] =>
  value.replaceAll('"', '').split(/ (?=\/|~|%d|[A-Za-z]:[\\/]|none$)/);

function expandPath(path: string, names: TokenValues): string {
  const home = path === '~' || /^~[\\/]/.test(path) ? names.local.home + path.slice(1) : path;
  return expandTokens(home, names);
}

/** The tokens of ssh_config(5) that ssh leaves in what it prints. */
function expandTokens(text: string, { hostname, port, user, alias, local }: TokenValues): string {
  const values: Readonly<Record<string, string>> = {
    '%': '%',
    h: hostname,
    p: port,
    r: user,
    n: alias,
    k: alias,
    u: local.user,
    d: local.home,
  };
  return text.replace(/%([%hprnkud])/g, (_token, letter: string) => values[letter] ?? '');
}

/** One hop of ProxyJump: `[user@]host[:port]`, `ssh://` allowed. */
export interface Hop {
  readonly host: string;
  readonly user: string | null;
  readonly port: number | null;
}

export function parseProxyJump(value: string): readonly Hop[] {
  return value.split(',').map((text) => {
    const hop = text
      .trim()
      .replace(/^ssh:\/\//, '')
      .replace(/\/$/, '');
    const at = hop.lastIndexOf('@');
    return { user: at === -1 ? null : hop.slice(0, at), ...parseAddress(hop.slice(at + 1)) };
  });
}

/** Of more than one colon none is before a port, unless brackets say so: it is an address of IPv6. */
function parseAddress(text: string): Pick<Hop, 'host' | 'port'> {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) return { host: text.split(':').length > 2 ? text : '', port: null };
  return { host, port: port === undefined ? null : Number(port) };
}
