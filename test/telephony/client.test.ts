import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  contactLike,
  OUR_NUMBERS,
  startCarrier,
  type TestCarrier,
} from '#support/carrier.ts';
import { apiOrigin } from '#telephony/twilio/client.ts';

const run = promisify(execFile);
let carrier: TestCarrier;

beforeAll(async () => {
  carrier = await startCarrier();
});
afterAll(() => carrier.stop());

async function inAnotherProcess(script: string, env: Record<string, string> = {}): Promise<string> {
  const path = process.env.PATH ?? '';
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    env: { PATH: path, ...env },
  });
  return stdout.trim();
}

const SETUP = `
  const { PROVIDERS } = await import('#telephony/index.ts');
  const settings = {
    accountId: '${ACCOUNT_SID}', secrets: ['${AUTH_TOKEN}'], apiUrl: process.env.STAND_IN, publicUrl: 'http://127.0.0.1:9', callsPerSecond: 1, timeoutMs: 5000,
  };
  const { telephony } = PROVIDERS.twilio(settings);
  const send = () => telephony.sendText({
    token: 't', to: '${contactLike('silent')}', from: { kind: 'number', phoneNumber: '${OUR_NUMBERS.first}' }, body: 'Hello',
  });
`;

describe('Twilio’s client', () => {
  it('is loaded by the first request and not before', async () => {
    const script = `${SETUP}
      import { createRequire } from 'node:module';
      const cached = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/axios/'));
      const before = cached();
      const { kind } = await send();
      telephony.close();
      console.log(JSON.stringify([before, kind, cached()]));`;
    expect(JSON.parse(await inAnotherProcess(script, { STAND_IN: carrier.url }))).toEqual([
      false,
      'accepted',
      true,
    ]);
  });

  it('is not led astray by the environment', async () => {
    const script = `${SETUP}
      console.log((await send()).kind);
      telephony.close();`;
    const env = {
      STAND_IN: carrier.url,
      TWILIO_ACCOUNT_SID: 'AC9',
      TWILIO_AUTH_TOKEN: 'stray',
      TWILIO_EDGE: 'sydney',
      TWILIO_REGION: 'au1',
      TWILIO_LOG_LEVEL: 'debug',
      TWILIO_CA_BUNDLE: '/nowhere/bundle.pem',
      HTTP_PROXY: 'http://127.0.0.1:1',
      HTTPS_PROXY: 'http://127.0.0.1:1',
      http_proxy: 'http://127.0.0.1:1',
    };
    expect(await inAnotherProcess(script, env)).toBe('accepted');
  });

  it('leaves nothing behind that keeps the process alive', async () => {
    const script = `${SETUP}
      await send();
      telephony.close();
      console.log('done');`;
    expect(await inAnotherProcess(script, { STAND_IN: carrier.url })).toBe('done');
  });
});

describe('where requests go', () => {
  it.each([
    [null, 'https://api.twilio.com'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['http://127.9.9.9:4000/ignored/path', 'http://127.9.9.9:4000'],
    ['http://localhost:4000', 'http://localhost:4000'],
    ['http://[::1]:4000', 'http://[::1]:4000'],
  ])('%s', (apiUrl, origin) => {
    expect(apiOrigin(apiUrl)).toBe(origin);
  });

  it.each([
    'https://api.twilio.com.example.com',
    'http://10.0.0.7',
    'http://127.0.0.1.example.com',
    'nonsense',
    '',
  ])('never to %j', (apiUrl) => {
    expect(() => apiOrigin(apiUrl)).toThrow('TWILIO_API_URL');
  });
});
