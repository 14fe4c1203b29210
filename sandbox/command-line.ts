/** What can be asked for on the command line. */
export type SandboxOptions = {
  /** The page's port; the next free one when it is taken. */
  port: number;
  dataDir: string;
  isFresh: boolean;
  /** How fast time runs; null goes on as it ran last. */
  speed: number | null;
  opensBrowser: boolean;
};

export type CommandLine =
  | { kind: 'run'; options: SandboxOptions }
  | { kind: 'help'; text: string }
  | { kind: 'wrong'; sentence: string };

const SPEED_LIMITS = { least: 1, most: 1_000 } as const;

const DEFAULTS: SandboxOptions = {
  port: 3000,
  dataDir: 'data/sandbox',
  isFresh: false,
  speed: null,
  opensBrowser: true,
};

type Option = {
  /** What stands behind the option; without it the option stands alone. */
  value?: string;
  help: string;
  /** The options with this one heeded, or the sentence for a value that cannot be meant. */
  apply(options: SandboxOptions, value: string): SandboxOptions | string;
};

const OPTIONS: Record<string, Option> = {
  '--fresh': {
    help: 'forget everything and start anew',
    apply: (options) => ({ ...options, isFresh: true }),
  },
  '--speed': {
    value: 'N',
    help: `let time run N times as fast, ${SPEED_LIMITS.least} to ${SPEED_LIMITS.most}; the page can change it`,
    apply: (options, value) => {
      const speed = readSpeed(Number(value));
      return speed === null ? speedSentence(`--speed ${value}`) : { ...options, speed };
    },
  },
  '--port': {
    value: 'N',
    help: `the page's port, or the next free one (default ${DEFAULTS.port})`,
    apply: (options, value) => {
      const port = Number(value);
      const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
      return isPort ? { ...options, port } : `--port needs a whole number from 1 to 65535, not ${value}.`;
    },
  },
  '--data': {
    value: 'DIR',
    help: `where everything is kept (default ${DEFAULTS.dataDir})`,
    apply: (options, dataDir) => ({ ...options, dataDir }),
  },
  '--no-open': {
    help: 'do not open a browser',
    apply: (options) => ({ ...options, opensBrowser: false }),
  },
};

/** Reads the arguments; `--name value` and `--name=value` mean the same. */
export function readCommandLine(given: readonly string[]): CommandLine {
  const rest = given.flatMap(splitAtEquals);
  let options = DEFAULTS;
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === '--help' || name === '-h') return { kind: 'help', text: help() };
    const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (!option) return wrong(`The sandbox has no option ${name}.`);
    const value = option.value === undefined ? '' : rest.shift();
    if (value === undefined || value.startsWith('--')) return wrong(`${name} needs a value.`);
    const applied = option.apply(options, value);
    if (typeof applied === 'string') return wrong(applied);
    options = applied;
  }
  return { kind: 'run', options };
}

/** A speed that time can run at, with at most two decimals; null for anything else. */
export function readSpeed(value: unknown): number | null {
  if (typeof value !== 'number' || !(value >= SPEED_LIMITS.least && value <= SPEED_LIMITS.most)) return null;
  return Math.round(value * 100) / 100;
}

export function speedSentence(what: string): string {
  return `Time cannot run at ${what}: it needs a number from ${SPEED_LIMITS.least} to ${SPEED_LIMITS.most}.`;
}

function splitAtEquals(argument: string): string[] {
  const at = argument.startsWith('--') ? argument.indexOf('=') : -1;
  return at < 0 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}

function wrong(sentence: string): CommandLine {
  return { kind: 'wrong', sentence: `${sentence} See: npm run sandbox -- --help` };
}

function help(): string {
  const rows = Object.entries(OPTIONS).map(
    ([name, { value, help }]) => `  ${[name, value].filter(Boolean).join(' ').padEnd(12)}${help}`,
  );
  return [
    'Usage: npm run sandbox -- [options]',
    '',
    'Starts a PostgreSQL, a stand-in Slack, a stand-in carrier and the bot on this machine, and shows them on one page.',
    '',
    ...rows,
    '  --help      show this list',
  ].join('\n');
}
