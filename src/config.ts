import * as z from 'zod';
import { type Secret, secret } from '#domain/secret.ts';

export type Role = 'web' | 'worker';
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything the environment decides, checked. `null` means not configured. Origins and URLs carry no secrets. */
export type Config = {
  isProduction: boolean;
  /** Null outside production only: the built-in server, with its data below `dataDir`. */
  databaseUrl: Secret | null;
  dataDir: string;
  /** An origin, without a slash at its end. */
  publicUrl: string;
  port: number;
  logLevel: LogLevel;
  roles: readonly Role[];
  /** What whoever reads /metrics must bear; null: anybody who can reach it may. */
  metricsToken: Secret | null;
  slack: {
    botToken: Secret;
    /** For HTTP delivery. */
    signingSecret: Secret | null;
    /** When set, Socket Mode. */
    appToken: Secret | null;
    /** Ends in a slash. */
    apiUrl: string | null;
  };
  twilio: {
    accountSid: string;
    /** The first one signs; the others still verify while the token is being changed. */
    authTokens: readonly [Secret, ...Secret[]];
    phoneNumber: string | null;
    messagingServiceSid: string | null;
    /** Calls that the account may start per second. */
    callsPerSecond: number;
    apiUrl: string | null;
  };
  /** Null: the scripted assistant. */
  llm: { baseUrl: string; apiKey: Secret | null; model: string } | null;
  /**
   * How the sandbox lets time run: product time began at `productEpochMs` when real time was `realEpochMs`. `haste` makes
   * waits for machines so many times shorter, for tests that cannot wait.
   */
  sandboxClock: { realEpochMs: number; productEpochMs: number; speed: number; haste?: number } | null;
};

export type ConsoleConfig = Pick<Config, 'databaseUrl' | 'dataDir' | 'sandboxClock'>;
type Environment = Record<string, string | undefined>;

/** What is wrong with the environment: every problem, each a sentence that names the variable and never its value. */
export class ConfigProblem extends Error {
  override name = 'ConfigProblem';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Ringmaster cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Reads the environment once. An empty variable counts as unset. Throws one `ConfigProblem` with all problems. */
export function readConfig(env: Environment): Config {
  return read(env, /^/);
}

/** For commands at the terminal, which need the database and its time: no other variable can be wrong for them. */
export function readConsoleConfig(env: Environment): ConsoleConfig {
  return read(env, /^(DATABASE_URL|DATA_DIR|SANDBOX_CLOCK) /);
}

function read(env: Environment, whatMatters: RegExp): Config {
  const { values, problems } = readValues(env);
  const isProduction = env.NODE_ENV === 'production';
  const isSet = (name: Name) => Boolean(env[name]?.trim());
  const broken = RULES.filter(({ breaks }) => breaks({ values, isProduction, isSet }));
  const all = [...problems, ...broken.map(({ sentence }) => sentence)];
  const told = all.filter((sentence) => whatMatters.test(sentence));
  if (told.length > 0) throw new ConfigProblem(told);
  return toConfig(values, isProduction);
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const parsedUrl = z.string().transform((value, context) => {
  const url = URL.parse(value);
  if (!url) context.addIssue('not a URL');
  return url ?? z.NEVER;
});
const webUrl = parsedUrl.refine(({ protocol }) => protocol === 'http:' || protocol === 'https:');
const origin = webUrl.refine((url) => url.href === `${url.origin}/`);
const list = z.string().transform((value) => value.split(',').map((item) => item.trim()));
const anyText = z.string();
const NO_SENTENCE = 'cannot be wrong';

/** Every variable: what a value must look like, and the sentence for one that does not. */
const VARIABLES = {
  DATABASE_URL: {
    shape: z.string().regex(/^postgres(ql)?:\/\/\S+$/),
    sentence: 'DATABASE_URL must look like postgres://user:password@host:5432/database.',
  },
  DATA_DIR: { shape: anyText, sentence: NO_SENTENCE },
  PUBLIC_URL: {
    shape: origin,
    sentence: 'PUBLIC_URL must be an origin like https://ringmaster.example.com, without a path.',
  },
  PORT: {
    shape: z.coerce.number().int().min(1).max(65_535),
    sentence: 'PORT must be a whole number from 1 to 65535.',
  },
  LOG_LEVEL: { shape: z.enum(LOG_LEVELS), sentence: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.` },
  ROLES: {
    shape: list.pipe(z.array(z.enum(['web', 'worker'])).nonempty()),
    sentence: 'ROLES must be web, worker, or web,worker.',
  },
  METRICS_TOKEN: {
    shape: z.string().regex(/^\S{16,200}$/),
    sentence: 'METRICS_TOKEN must have 16 to 200 characters and no blanks.',
  },
  SLACK_BOT_TOKEN: {
    shape: z.string().startsWith('xoxb-'),
    sentence: 'SLACK_BOT_TOKEN must begin with xoxb-: it is the "Bot User OAuth Token" of the Slack app.',
  },
  SLACK_SIGNING_SECRET: { shape: anyText, sentence: NO_SENTENCE },
  SLACK_APP_TOKEN: {
    shape: z.string().startsWith('xapp-'),
    sentence: 'SLACK_APP_TOKEN must begin with xapp-: it is an app-level token with connections:write.',
  },
  SLACK_API_URL: { shape: webUrl, sentence: 'SLACK_API_URL must be a URL like http://127.0.0.1:4000/api/.' },
  TWILIO_ACCOUNT_SID: {
    shape: z.string().regex(/^AC[0-9a-fA-F]{32}$/),
    sentence: 'TWILIO_ACCOUNT_SID must be AC followed by 32 hexadecimal digits.',
  },
  TWILIO_AUTH_TOKEN: {
    shape: list.pipe(z.array(z.string().min(1)).nonempty()),
    sentence: 'TWILIO_AUTH_TOKEN must be one token, or the new and the old one separated by a comma.',
  },
  TWILIO_PHONE_NUMBER: {
    shape: z.string().regex(/^\+[1-9]\d{6,14}$/),
    sentence: 'TWILIO_PHONE_NUMBER must be a number with country code like +15005550006.',
  },
  TWILIO_MESSAGING_SERVICE_SID: {
    shape: z.string().regex(/^MG[0-9a-fA-F]{32}$/),
    sentence: 'TWILIO_MESSAGING_SERVICE_SID must be MG followed by 32 hexadecimal digits.',
  },
  TWILIO_CALLS_PER_SECOND: {
    shape: z.coerce.number().int().min(1).max(1_000),
    sentence:
      'TWILIO_CALLS_PER_SECOND must be a whole number from 1 to 1000: the calls per second of the Twilio account.',
  },
  TWILIO_API_URL: { shape: origin, sentence: 'TWILIO_API_URL must be an origin like http://127.0.0.1:4010.' },
  LLM_BASE_URL: { shape: webUrl, sentence: 'LLM_BASE_URL must be a URL like https://api.example.com/v1.' },
  LLM_API_KEY: { shape: anyText, sentence: NO_SENTENCE },
  LLM_MODEL: { shape: anyText, sentence: NO_SENTENCE },
  SANDBOX_CLOCK: {
    shape: z
      .string()
      .regex(/^\d+,\d+,\d+(\.\d+)?(,\d+(\.\d+)?)?$/)
      .transform((value) => value.split(',').map(Number) as [number, number, number, number?])
      .refine(([, , speed, haste = 1]) => speed > 0 && haste > 0),
    sentence: 'SANDBOX_CLOCK must be "realEpochMs,productEpochMs,speed" with a speed above 0.',
  },
} satisfies Record<string, { shape: z.ZodType; sentence: string }>;

type Name = keyof typeof VARIABLES;
type Values = { [K in Name]?: z.output<(typeof VARIABLES)[K]['shape']> };
type Facts = { values: Values; isProduction: boolean; isSet(name: Name): boolean };

/** What must hold between variables. A value that is wrong in itself counts as set, so it is complained of once. */
const RULES: { breaks(facts: Facts): boolean; sentence: string }[] = [
  {
    breaks: ({ isProduction, isSet }) => isProduction && !isSet('DATABASE_URL'),
    sentence: 'DATABASE_URL is missing: production needs a PostgreSQL of your own, 15 or newer.',
  },
  {
    breaks: ({ isProduction, isSet }) => isProduction && !isSet('PUBLIC_URL'),
    sentence:
      'PUBLIC_URL is missing: set it to the https address at which Slack and Twilio reach this server.',
  },
  {
    breaks: ({ isProduction, values }) => isProduction && values.PUBLIC_URL?.protocol === 'http:',
    sentence: 'PUBLIC_URL must begin with https:// in production.',
  },
  {
    breaks: ({ isProduction, values }) => isProduction && isLoopback(values.PUBLIC_URL),
    sentence:
      'PUBLIC_URL leads back to this machine; in production Slack and Twilio must be able to reach it.',
  },
  {
    breaks: ({ isProduction, isSet, values }) =>
      !isProduction &&
      isSet('TWILIO_ACCOUNT_SID') &&
      !isSet('TWILIO_API_URL') &&
      (!isSet('PUBLIC_URL') || isLoopback(values.PUBLIC_URL)),
    sentence:
      'PUBLIC_URL must be an address that Twilio can reach, such as that of a tunnel to this machine.',
  },
  {
    breaks: ({ isSet }) => !isSet('SLACK_BOT_TOKEN'),
    sentence: 'SLACK_BOT_TOKEN is missing: install the Slack app from manifest.yml and copy its bot token.',
  },
  {
    breaks: ({ isSet }) => !isSet('SLACK_SIGNING_SECRET') && !isSet('SLACK_APP_TOKEN'),
    sentence:
      'SLACK_SIGNING_SECRET is missing: set it for delivery by HTTP, or SLACK_APP_TOKEN for Socket Mode.',
  },
  {
    breaks: ({ isSet }) => !isSet('TWILIO_ACCOUNT_SID'),
    sentence: 'TWILIO_ACCOUNT_SID is missing: copy it from the Twilio console.',
  },
  {
    breaks: ({ isSet }) => !isSet('TWILIO_AUTH_TOKEN'),
    sentence: 'TWILIO_AUTH_TOKEN is missing: copy it from the Twilio console.',
  },
  {
    breaks: ({ isSet }) => !isSet('TWILIO_PHONE_NUMBER') && !isSet('TWILIO_MESSAGING_SERVICE_SID'),
    sentence: 'TWILIO_PHONE_NUMBER is missing: set the number to send from, or TWILIO_MESSAGING_SERVICE_SID.',
  },
  ...(['SLACK_API_URL', 'TWILIO_API_URL', 'SANDBOX_CLOCK'] as const).map((name) => ({
    breaks: ({ isProduction, isSet }: Facts) => isProduction && isSet(name),
    sentence: `${name} is for the sandbox only. Unset it in production.`,
  })),
  ...(['SLACK_API_URL', 'TWILIO_API_URL'] as const).map((name) => ({
    breaks: ({ isProduction, values }: Facts) =>
      !isProduction && values[name] !== undefined && !isLoopback(values[name]),
    sentence: `${name} must lead to this machine, like http://127.0.0.1:4000: credentials are sent there.`,
  })),
  {
    breaks: ({ isSet }) => isSet('LLM_BASE_URL') && !isSet('LLM_MODEL'),
    sentence: 'LLM_MODEL is missing: name the model to use at LLM_BASE_URL.',
  },
  {
    breaks: ({ isSet }) => !isSet('LLM_BASE_URL') && (isSet('LLM_MODEL') || isSet('LLM_API_KEY')),
    sentence: 'LLM_BASE_URL is missing: without it LLM_MODEL and LLM_API_KEY have no effect.',
  },
];

function readValues(env: Environment): { values: Values; problems: string[] } {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, { shape, sentence }] of Object.entries(VARIABLES)) {
    const given = env[name]?.trim();
    if (!given) continue;
    const read = shape.safeParse(given);
    if (read.success) values[name] = read.data;
    else problems.push(sentence);
  }
  return { values: values as Values, problems };
}

function toConfig(values: Values, isProduction: boolean): Config {
  const port = values.PORT ?? 3000;
  const clock = values.SANDBOX_CLOCK;
  return {
    isProduction,
    databaseUrl: optionalSecret(values.DATABASE_URL),
    dataDir: values.DATA_DIR ?? './data',
    publicUrl: values.PUBLIC_URL?.origin ?? `http://127.0.0.1:${port}`,
    port,
    logLevel: values.LOG_LEVEL ?? 'info',
    roles: values.ROLES ?? ['web', 'worker'],
    metricsToken: optionalSecret(values.METRICS_TOKEN),
    slack: {
      botToken: secret(values.SLACK_BOT_TOKEN ?? ''),
      signingSecret: optionalSecret(values.SLACK_SIGNING_SECRET),
      appToken: optionalSecret(values.SLACK_APP_TOKEN),
      apiUrl: values.SLACK_API_URL?.href.replace(/\/?$/, '/') ?? null,
    },
    twilio: {
      accountSid: values.TWILIO_ACCOUNT_SID ?? '',
      authTokens: (values.TWILIO_AUTH_TOKEN ?? []).map(secret) as [Secret, ...Secret[]],
      phoneNumber: values.TWILIO_PHONE_NUMBER ?? null,
      messagingServiceSid: values.TWILIO_MESSAGING_SERVICE_SID ?? null,
      callsPerSecond: values.TWILIO_CALLS_PER_SECOND ?? 1,
      apiUrl: values.TWILIO_API_URL?.origin ?? null,
    },
    llm: languageModel(values),
    sandboxClock: clock ? clockSetting(clock) : null,
  };
}

function clockSetting([realEpochMs, productEpochMs, speed, haste]: [number, number, number, number?]) {
  return { realEpochMs, productEpochMs, speed, ...(haste === undefined ? {} : { haste }) };
}

function languageModel(values: Values): Config['llm'] {
  const { LLM_BASE_URL: baseUrl, LLM_MODEL: model, LLM_API_KEY: apiKey } = values;
  if (!baseUrl || !model) return null;
  return { baseUrl: baseUrl.href, apiKey: optionalSecret(apiKey), model };
}

function optionalSecret(value: string | undefined): Secret | null {
  return value === undefined ? null : secret(value);
}

function isLoopback(url: URL | undefined): boolean {
  return url !== undefined && /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}
