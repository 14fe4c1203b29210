import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { systemClock } from '#clock.ts';
import { WEBHOOK_EVENT_NAMES } from '#domain/webhook-events.ts';
import type { Envelope } from '#operations/compose-deliveries.ts';
import { signDelivery } from '#operations/sign-delivery.ts';

const page = readFileSync('docs/webhooks.md', 'utf8');
const snippet = (language: string) => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? '';

const BODY = JSON.stringify({ id: 1, text: 'Grüße' });
const webhook = {
  secret: 'whsec_new',
  previousSecret: 'whsec_old',
  previousSecretUntil: new Date(Date.now() + 60_000),
};
const header =
  signDelivery({ clock: systemClock }, webhook, { id: 1, type: 'test', body: BODY })[
    'ringmaster-signature'
  ] ?? '';

const t = header.split(',')[0];
/** What anybody may send: it is refused and nothing breaks. */
const MALFORMED = [
  '',
  'v1',
  `${t},v1`,
  `${t},v1=`,
  `${t},v1=é${'0'.repeat(63)}`,
  `t=${'9'.repeat(400)},v1=${'0'.repeat(64)}`,
  `t=٣,v1=${'0'.repeat(64)}`,
];

type Check = (header: string | undefined, body: string, secret: string, now?: number) => boolean;
const { isFromRingmaster }: { isFromRingmaster: Check } = await import(
  `data:text/javascript,${encodeURIComponent(snippet('js'))}`
);

describe('the page about webhooks', () => {
  test('shows a whole message, and says where its signature stands and of what it is', () => {
    const told: (keyof Envelope)[] = ['id', 'type', 'created_at', 'workspace_id', 'campaign_id', 'data'];
    expect(Object.keys(JSON.parse(snippet('json')))).toEqual(told);
    expect(page).toMatch(/^## Checking the signature$[\s\S]*`Ringmaster-Signature: t=<seconds>,v1=<hex>`/m);
  });

  test('names every event there is, and no other', () => {
    const named = [...page.matchAll(/^\| `(\w+)` \| /gm)].map(([, name]) => name);
    expect(named.slice(1)).toEqual([...WEBHOOK_EVENT_NAMES]);
  });

  test.each([
    ['of the secret', header, BODY, 'whsec_new', Date.now(), true],
    ['of the secret before', header, BODY, 'whsec_old', Date.now(), true],
    ['of another secret', header, BODY, 'whsec_other', Date.now(), false],
    ['of another body', header, `${BODY} `, 'whsec_new', Date.now(), false],
    ['of long ago', header, BODY, 'whsec_new', Date.now() + 301_000, false],
    [
      'with another time',
      header.replace(/t=\d+/, `t=${Math.floor(Date.now() / 1_000) + 1}`),
      BODY,
      'whsec_new',
      Date.now(),
      false,
    ],
    ['beside one of a later kind', `${header},v2=x`, BODY, 'whsec_new', Date.now(), true],
    ['that is empty', '', BODY, 'whsec_new', Date.now(), false],
    ['that is cut off', header.slice(0, 40), BODY, 'whsec_new', Date.now(), false],
  ])('shows code that tells a signature %s', (_, signature, body, secret, now, isOurs) => {
    expect(isFromRingmaster(signature, body, secret, now)).toBe(isOurs);
  });

  test('shows code that refuses what is no signature at all', () => {
    for (const one of [undefined, ...MALFORMED])
      expect([one, isFromRingmaster(one, BODY, 'whsec_new')]).toEqual([one, false]);
  });

  const hasPython = spawnSync('python3', ['--version']).status === 0;

  test.runIf(hasPython)('shows the same in Python', () => {
    const program = `${snippet('python')}
import json, sys
given = json.load(sys.stdin)
print(json.dumps([is_from_ringmaster(header, given["body"].encode(), secret) for header, secret in given["asked"]]))`;
    const asked = [
      [header, 'whsec_new'],
      [header, 'whsec_old'],
      [header, 'whsec_other'],
      ['', 'whsec_new'],
      ['t=x,v1', 'whsec_new'],
      [header.replace(/t=\d+/, 't=1'), 'whsec_new'],
      ...[null, ...MALFORMED].map((one) => [one, 'whsec_new']),
    ];
    const input = JSON.stringify({ asked, body: BODY });
    const answers = JSON.parse(execFileSync('python3', ['-c', program], { input, encoding: 'utf8' }));
    expect(answers).toEqual([true, true, ...Array(asked.length - 2).fill(false)]);
  });
});
