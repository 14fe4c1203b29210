import { createRoute, z } from '@hono/zod-openapi';
import { type Api, actorOf } from '#http/api/api.ts';
import { Instant, json, needs, REFUSED } from '#http/api/contract.ts';
import { instant } from '#http/instant.ts';
import type { Deps } from '#operations/deps.ts';
import { recordConsent } from '#operations/record-consent.ts';
import { type ConsentStory, showConsents } from '#operations/show-consents.ts';
import { withdrawConsent } from '#operations/withdraw-consent.ts';

const path = '/api/v1/consents';
const tags = ['Consents'];
const Channel = z.enum(['all', 'voice', 'sms']);
const PhoneNumber = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .openapi({ description: 'As people write it.', example: '+15551234567' });

const Consent = z
  .object({
    id: z.number().int(),
    channel: Channel,
    given_at: Instant,
    method: z.string().openapi({ example: 'web form' }),
    wording: z.string().nullable(),
    actor: z.string(),
    created_at: Instant,
    withdrawn_at: Instant.nullable(),
    withdrawn_by: z.string().nullable(),
  })
  .openapi('Consent');

const Consents = z
  .object({
    phone_number: z.string(),
    consents: z.array(Consent),
    calls_need_consent: z
      .boolean()
      .openapi({ description: 'Whether this workspace calls nobody without one.' }),
    texts_need_consent: z.boolean(),
    is_listed: z.boolean().openapi({ description: 'On the do-not-call list, which no consent overrules.' }),
  })
  .openapi('Consents');

const ConsentInput = z
  .object({
    phone_number: PhoneNumber,
    channel: Channel,
    given_at: z.iso.datetime({ offset: true }),
    method: z.string().trim().min(1).max(200),
    wording: z.string().trim().min(1).max(4_000).nullish(),
  })
  .openapi('ConsentInput', {
    example: {
      phone_number: '+15551234567',
      channel: 'sms',
      given_at: '2024-02-01T10:30:00Z',
      method: 'web form',
      wording: 'Text me about my appointments.',
    },
  });

const Withdrawal = z
  .object({ phone_number: PhoneNumber, channel: Channel })
  .openapi('ConsentWithdrawal', { example: { phone_number: '+15551234567', channel: 'sms' } });
const Changed = Consents.extend({ changed: z.boolean() }).openapi('ConsentsChanged');

const read = createRoute({
  method: 'get',
  path,
  tags,
  ...needs('read'),
  summary: 'What a person consented to and withdrew',
  request: { query: z.object({ phone_number: PhoneNumber }) },
  responses: { 200: json(Consents, 'What is on record.'), ...REFUSED },
});

const record = createRoute({
  method: 'post',
  path,
  tags,
  ...needs('write'),
  summary: 'Note the consent of a person',
  description: 'It does not take anybody off the do-not-call list.',
  request: { body: { ...json(ConsentInput, 'What they agreed to, when and how.'), required: true } },
  responses: { 200: json(Changed, 'What is on record now.'), ...REFUSED },
});

const withdraw = createRoute({
  method: 'post',
  path: `${path}/withdraw`,
  tags,
  ...needs('write'),
  summary: 'Note that a person consents no longer',
  description:
    'Where the workspace demands consent, nobody contacts them on this channel any more; to keep them from every campaign whatever it demands, list their number under “Do not call”.',
  request: { body: { ...json(Withdrawal, 'Who, and to what.'), required: true } },
  responses: { 200: json(Changed, 'What is on record now.'), ...REFUSED },
});

/** What people agreed to (telephony.md §6). */
export function consentRoutes(api: Api, deps: Deps): void {
  const story = async (workspaceId: number, phone: string) =>
    presentStory(await showConsents(deps, { workspaceId, phone }));
  api.openapi(read, async (c) => {
    const { phone_number } = c.req.valid('query');
    return c.json(await story(c.get('token').workspaceId, phone_number), 200);
  });
  api.openapi(record, async (c) => {
    const token = c.get('token');
    const { workspaceId } = token;
    const { phone_number: phone, given_at, wording = null, ...said } = c.req.valid('json');
    const consent = { ...said, workspaceId, phone, wording, givenAt: new Date(given_at) };
    const { changed } = await recordConsent(deps, { ...consent, actor: actorOf(token) });
    return c.json({ ...(await story(workspaceId, phone)), changed }, 200);
  });
  api.openapi(withdraw, async (c) => {
    const token = c.get('token');
    const { workspaceId } = token;
    const { phone_number: phone, channel } = c.req.valid('json');
    const { changed } = await withdrawConsent(deps, { workspaceId, phone, channel, actor: actorOf(token) });
    return c.json({ ...(await story(workspaceId, phone)), changed }, 200);
  });
}

function presentStory({ phoneNumber, consents, isDemanded, isSuppressed }: ConsentStory) {
  return {
    phone_number: phoneNumber,
    consents: consents.map((row) => ({
      id: row.id,
      channel: row.channel,
      given_at: instant(row.givenAt),
      method: row.method,
      wording: row.wording,
      actor: row.actor,
      created_at: instant(row.createdAt),
      withdrawn_at: instant(row.withdrawnAt),
      withdrawn_by: row.withdrawnBy,
    })),
    calls_need_consent: isDemanded.voice,
    texts_need_consent: isDemanded.sms,
    is_listed: isSuppressed,
  };
}
