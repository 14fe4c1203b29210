import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ConfigProblem, readConfig, readConsoleConfig } from '#config.ts';
import { secret } from '#domain/secret.ts';

const SID = `AC${'0'.repeat(32)}`;

/** A production environment in which nothing is wrong. */
const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://ringmaster:hush@db.example.com:5432/ringmaster',
  PUBLIC_URL: 'https://ringmaster.example.com',
  SLACK_BOT_TOKEN: 'xoxb-hush',
  SLACK_SIGNING_SECRET: 'hush',
  TWILIO_ACCOUNT_SID: SID,
  TWILIO_AUTH_TOKEN: 'hush',
  TWILIO_PHONE_NUMBER: '+15005550006',
};

/** What the sandbox hands to the bot. */
const SANDBOX = {
  ...PRODUCTION,
  NODE_ENV: undefined,
  DATABASE_URL: undefined,
  PUBLIC_URL: 'http://127.0.0.1:3000',
  SLACK_API_URL: 'http://127.0.0.1:4000/api',
  TWILIO_API_URL: 'http://127.0.0.1:4010',
};

function problems(env: Record<string, string | undefined>, read: typeof readConsoleConfig = readConfig) {
  try {
    read(env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigProblem);
    return (error as ConfigProblem).problems;
  }
}

describe('an environment without faults', () => {
  test('in production', () => {
    const config = readConfig(PRODUCTION);
    expect(config).toMatchObject({
      isProduction: true,
      publicUrl: 'https://ringmaster.example.com',
      port: 3000,
      logLevel: 'info',
      roles: ['web', 'worker'],
      slack: { apiUrl: null, appToken: null },
      twilio: {
        accountSid: SID,
        phoneNumber: '+15005550006',
        messagingServiceSid: null,
        callsPerSecond: 1,
        apiUrl: null,
      },
      llm: null,
      sandboxClock: null,
    });
    expect(config.databaseUrl?.reveal()).toBe(PRODUCTION.DATABASE_URL);
    expect(config.slack.botToken.reveal()).toBe('xoxb-hush');
    expect(config.slack.signingSecret?.reveal()).toBe('hush');
  });

  test('in the sandbox, with a database of its own', () => {
    const config = readConfig({
      ...SANDBOX,
      SANDBOX_CLOCK: '1700000000000,1700000600000,60',
      DATA_DIR: '/data',
    });
    expect(config).toMatchObject({
      isProduction: false,
      databaseUrl: null,
      dataDir: '/data',
      publicUrl: 'http://127.0.0.1:3000',
      slack: { apiUrl: 'http://127.0.0.1:4000/api/' },
      twilio: { apiUrl: 'http://127.0.0.1:4010' },
      sandboxClock: { realEpochMs: 1_700_000_000_000, productEpochMs: 1_700_000_600_000, speed: 60 },
    });
  });

  test('a clock in haste, for tests', () => {
    const config = readConfig({ ...SANDBOX, SANDBOX_CLOCK: '1700000000000,1700000600000,60,20' });
    expect(config.sandboxClock).toMatchObject({ speed: 60, haste: 20 });
  });

  test('the public address of a trial follows the port', () => {
    expect(readConfig({ ...SANDBOX, PUBLIC_URL: '', PORT: '3007' }).publicUrl).toBe('http://127.0.0.1:3007');
  });

  test('an app token means Socket Mode and needs no signing secret', () => {
    const config = readConfig({ ...PRODUCTION, SLACK_SIGNING_SECRET: '', SLACK_APP_TOKEN: 'xapp-1-hush' });
    expect(config.slack.appToken?.reveal()).toBe('xapp-1-hush');
    expect(config.slack.signingSecret).toBeNull();
  });

  test('a pool of numbers is enough to send from', () => {
    const pool = `MG${'a'.repeat(32)}`;
    const env = { ...PRODUCTION, TWILIO_PHONE_NUMBER: '', TWILIO_MESSAGING_SERVICE_SID: pool };
    expect(readConfig(env).twilio).toMatchObject({ phoneNumber: null, messagingServiceSid: pool });
  });

  test('while the carrier token changes, the new one comes first', () => {
    const { twilio } = readConfig({ ...PRODUCTION, TWILIO_AUTH_TOKEN: 'new, old' });
    expect(twilio.authTokens.map((token) => token.reveal())).toEqual(['new', 'old']);
  });

  test('the figures of operators may be for one reader alone', () => {
    expect(readConfig(PRODUCTION).metricsToken).toBeNull();
    const { metricsToken } = readConfig({ ...PRODUCTION, METRICS_TOKEN: 'for-prometheus-alone' });
    expect([metricsToken?.reveal(), `${metricsToken}`]).toEqual(['for-prometheus-alone', '[secret]']);
  });

  test('one deployment is split over machines by roles', () => {
    expect(readConfig({ ...PRODUCTION, ROLES: 'worker' }).roles).toEqual(['worker']);
    expect(readConfig({ ...PRODUCTION, ROLES: 'web, worker' }).roles).toEqual(['web', 'worker']);
  });

  test('an account that may start more calls at once', () => {
    const env = { ...PRODUCTION, TWILIO_CALLS_PER_SECOND: '30' };
    expect(readConfig(env).twilio.callsPerSecond).toBe(30);
  });

  test('a language model with and without a key', () => {
    const env = { ...PRODUCTION, LLM_BASE_URL: 'http://models:11434/v1', LLM_MODEL: 'small' };
    expect(readConfig(env).llm).toMatchObject({
      baseUrl: 'http://models:11434/v1',
      model: 'small',
      apiKey: null,
    });
    expect(readConfig({ ...env, LLM_API_KEY: 'hush' }).llm?.apiKey?.reveal()).toBe('hush');
  });

  test('spaces and line ends around a value do not count', () => {
    expect(readConfig({ ...PRODUCTION, SLACK_SIGNING_SECRET: ' hush\n' }).slack.signingSecret?.reveal()).toBe(
      'hush',
    );
  });
});

const CALLS_PER_SECOND =
  'TWILIO_CALLS_PER_SECOND must be a whole number from 1 to 1000: the calls per second of the Twilio account.';

describe('a value that is wrong in itself', () => {
  test.each([
    ['TWILIO_CALLS_PER_SECOND', '0', CALLS_PER_SECOND],
    ['TWILIO_CALLS_PER_SECOND', '1001', CALLS_PER_SECOND],
    ['TWILIO_CALLS_PER_SECOND', '1.5', CALLS_PER_SECOND],
    ['TWILIO_CALLS_PER_SECOND', 'hush', CALLS_PER_SECOND],
    [
      'DATABASE_URL',
      'mysql://hush',
      'DATABASE_URL must look like postgres://user:password@host:5432/database.',
    ],
    ['DATABASE_URL', 'hush', 'DATABASE_URL must look like postgres://user:password@host:5432/database.'],
    [
      'PUBLIC_URL',
      'hush',
      'PUBLIC_URL must be an origin like https://ringmaster.example.com, without a path.',
    ],
    [
      'PUBLIC_URL',
      'https://a.example/hush',
      'PUBLIC_URL must be an origin like https://ringmaster.example.com, without a path.',
    ],
    [
      'PUBLIC_URL',
      'ftp://hush.example',
      'PUBLIC_URL must be an origin like https://ringmaster.example.com, without a path.',
    ],
    [
      'PUBLIC_URL',
      'https://me:hush@a.example',
      'PUBLIC_URL must be an origin like https://ringmaster.example.com, without a path.',
    ],
    ['PORT', '0', 'PORT must be a whole number from 1 to 65535.'],
    ['PORT', '65536', 'PORT must be a whole number from 1 to 65535.'],
    ['PORT', '80.5', 'PORT must be a whole number from 1 to 65535.'],
    ['PORT', 'hush', 'PORT must be a whole number from 1 to 65535.'],
    ['LOG_LEVEL', 'hush', 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.'],
    ['ROLES', 'web,hush', 'ROLES must be web, worker, or web,worker.'],
    ['ROLES', ',', 'ROLES must be web, worker, or web,worker.'],
    ['METRICS_TOKEN', 'short', 'METRICS_TOKEN must have 16 to 200 characters and no blanks.'],
    [
      'SLACK_BOT_TOKEN',
      'xoxp-hush',
      'SLACK_BOT_TOKEN must begin with xoxb-: it is the "Bot User OAuth Token" of the Slack app.',
    ],
    [
      'SLACK_APP_TOKEN',
      'xoxb-hush',
      'SLACK_APP_TOKEN must begin with xapp-: it is an app-level token with connections:write.',
    ],
    ['TWILIO_ACCOUNT_SID', 'SKhush', 'TWILIO_ACCOUNT_SID must be AC followed by 32 hexadecimal digits.'],
    [
      'TWILIO_AUTH_TOKEN',
      'hush,',
      'TWILIO_AUTH_TOKEN must be one token, or the new and the old one separated by a comma.',
    ],
    [
      'TWILIO_PHONE_NUMBER',
      '(500) 555-0006',
      'TWILIO_PHONE_NUMBER must be a number with country code like +15005550006.',
    ],
    [
      'TWILIO_MESSAGING_SERVICE_SID',
      'PNhush',
      'TWILIO_MESSAGING_SERVICE_SID must be MG followed by 32 hexadecimal digits.',
    ],
  ])('%s=%s', (name, value, sentence) => {
    expect(problems({ ...PRODUCTION, [name]: value })).toEqual([sentence]);
  });

  test.each([
    ['SLACK_API_URL', 'hush', 'SLACK_API_URL must be a URL like http://127.0.0.1:4000/api/.'],
    [
      'TWILIO_API_URL',
      'http://127.0.0.1:4010/hush',
      'TWILIO_API_URL must be an origin like http://127.0.0.1:4010.',
    ],
    [
      'SANDBOX_CLOCK',
      '1,2,60,0',
      'SANDBOX_CLOCK must be "realEpochMs,productEpochMs,speed" with a speed above 0.',
    ],
    ['LLM_BASE_URL', 'hush', 'LLM_BASE_URL must be a URL like https://api.example.com/v1.'],
    [
      'SANDBOX_CLOCK',
      '1,2',
      'SANDBOX_CLOCK must be "realEpochMs,productEpochMs,speed" with a speed above 0.',
    ],
    [
      'SANDBOX_CLOCK',
      '1,2,0',
      'SANDBOX_CLOCK must be "realEpochMs,productEpochMs,speed" with a speed above 0.',
    ],
    [
      'SANDBOX_CLOCK',
      '1,2,hush',
      'SANDBOX_CLOCK must be "realEpochMs,productEpochMs,speed" with a speed above 0.',
    ],
  ])('%s=%s in the sandbox', (name, value, sentence) => {
    expect(
      problems({ ...SANDBOX, LLM_MODEL: 'small', LLM_BASE_URL: 'http://models', [name]: value }),
    ).toEqual([sentence]);
  });
});

describe('what production needs', () => {
  test.each([
    ['DATABASE_URL', 'DATABASE_URL is missing: production needs a PostgreSQL of your own, 15 or newer.'],
    [
      'PUBLIC_URL',
      'PUBLIC_URL is missing: set it to the https address at which Slack and Twilio reach this server.',
    ],
    [
      'SLACK_BOT_TOKEN',
      'SLACK_BOT_TOKEN is missing: install the Slack app from manifest.yml and copy its bot token.',
    ],
    [
      'SLACK_SIGNING_SECRET',
      'SLACK_SIGNING_SECRET is missing: set it for delivery by HTTP, or SLACK_APP_TOKEN for Socket Mode.',
    ],
    ['TWILIO_ACCOUNT_SID', 'TWILIO_ACCOUNT_SID is missing: copy it from the Twilio console.'],
    ['TWILIO_AUTH_TOKEN', 'TWILIO_AUTH_TOKEN is missing: copy it from the Twilio console.'],
    [
      'TWILIO_PHONE_NUMBER',
      'TWILIO_PHONE_NUMBER is missing: set the number to send from, or TWILIO_MESSAGING_SERVICE_SID.',
    ],
  ])('%s', (name, sentence) => {
    expect(problems({ ...PRODUCTION, [name]: undefined })).toEqual([sentence]);
    expect(problems({ ...PRODUCTION, [name]: '  ' })).toEqual([sentence]);
  });

  test.each([
    ['http://ringmaster.example.com', ['PUBLIC_URL must begin with https:// in production.']],
    [
      'https://localhost',
      ['PUBLIC_URL leads back to this machine; in production Slack and Twilio must be able to reach it.'],
    ],
    [
      'https://127.8.9.1:8443',
      ['PUBLIC_URL leads back to this machine; in production Slack and Twilio must be able to reach it.'],
    ],
    [
      'https://[::1]',
      ['PUBLIC_URL leads back to this machine; in production Slack and Twilio must be able to reach it.'],
    ],
  ])('a public address other than %s', (value, sentences) => {
    expect(problems({ ...PRODUCTION, PUBLIC_URL: value })).toEqual(sentences);
  });

  test.each([
    ['SLACK_API_URL', 'http://127.0.0.1:4000/api/'],
    ['SLACK_API_URL', 'https://slack.example.com/api/'],
    ['TWILIO_API_URL', 'http://127.0.0.1:4010'],
    ['TWILIO_API_URL', 'http://twilio.example.com'],
    ['SANDBOX_CLOCK', '1,2,60'],
  ])('no %s, such as %s', (name, value) => {
    expect(problems({ ...PRODUCTION, [name]: value })).toEqual([
      `${name} is for the sandbox only. Unset it in production.`,
    ]);
  });
});

describe('what a command at the terminal needs', () => {
  test('is the database alone', () => {
    const config = readConsoleConfig({ NODE_ENV: 'production', DATABASE_URL: PRODUCTION.DATABASE_URL });
    expect(config.databaseUrl?.reveal()).toBe(PRODUCTION.DATABASE_URL);
    expect(config.sandboxClock).toBeNull();
  });

  test.each([
    [
      { NODE_ENV: 'production', SLACK_BOT_TOKEN: 'odd', PORT: 'x' },
      'DATABASE_URL is missing: production needs',
    ],
    [{ DATABASE_URL: 'mysql://db', SLACK_BOT_TOKEN: 'odd' }, 'DATABASE_URL must look like'],
    [{ SANDBOX_CLOCK: 'soon' }, 'SANDBOX_CLOCK must be'],
  ])('is said alone when it is wrong: %o', (env, sentence) => {
    expect(problems(env, readConsoleConfig)).toEqual([expect.stringContaining(sentence)]);
  });
});

describe('outside production', () => {
  test.each([
    ['SLACK_API_URL', 'https://slack.com/api/'],
    ['SLACK_API_URL', 'http://localhost.example.com/api/'],
    ['TWILIO_API_URL', 'https://api.twilio.com'],
    ['TWILIO_API_URL', 'http://192.168.1.20:4010'],
  ])('credentials never go to another machine: %s=%s', (name, value) => {
    expect(problems({ ...SANDBOX, [name]: value })).toEqual([
      `${name} must lead to this machine, like http://127.0.0.1:4000: credentials are sent there.`,
    ]);
  });

  test.each([undefined, 'http://localhost:3000'])('the real Twilio cannot call back to %s', (address) => {
    expect(problems({ ...SANDBOX, TWILIO_API_URL: undefined, PUBLIC_URL: address })).toEqual([
      'PUBLIC_URL must be an address that Twilio can reach, such as that of a tunnel to this machine.',
    ]);
  });
});

describe('a language model named by halves', () => {
  test('without the model', () => {
    expect(problems({ ...PRODUCTION, LLM_BASE_URL: 'https://api.example.com/v1' })).toEqual([
      'LLM_MODEL is missing: name the model to use at LLM_BASE_URL.',
    ]);
  });

  test.each(['LLM_MODEL', 'LLM_API_KEY'])('%s without the address', (name) => {
    expect(problems({ ...PRODUCTION, [name]: 'hush' })).toEqual([
      'LLM_BASE_URL is missing: without it LLM_MODEL and LLM_API_KEY have no effect.',
    ]);
  });
});

describe('what is told', () => {
  test('all problems come together, each on a line', () => {
    const env = { NODE_ENV: 'production', PORT: 'hush' };
    expect(problems(env)).toHaveLength(8);
    expect(() => readConfig(env)).toThrow(
      /^Ringmaster cannot start:\n {2}- PORT must be .*\n {2}- DATABASE_URL is missing/,
    );
  });

  test('values are never repeated', () => {
    const env = Object.fromEntries(Object.keys(PRODUCTION).map((name) => [name, 'hush\u0000-value']));
    expect(problems({ ...env, NODE_ENV: 'production' }).length).toBeGreaterThan(3);
    expect(problems({ ...env, NODE_ENV: 'production' }).join('\n')).not.toContain('hush');
  });

  test('secrets do not print', () => {
    const config = readConfig({
      ...PRODUCTION,
      LLM_BASE_URL: 'http://models',
      LLM_MODEL: 'small',
      LLM_API_KEY: 'hush',
    });
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: null, showHidden: true }),
      String(secret('hush')),
    ];
    expect(printed.join('\n')).not.toContain('hush');
    expect(`${secret('hush')}`).toBe('[secret]');
  });
});
