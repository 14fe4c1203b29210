import { createRoute } from '@hono/zod-openapi';
import { readRange } from '#domain/do-not-call.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Api, actorOf } from '#http/api/api.ts';
import { json, needs, PageQuery, paginationOf, REFUSED, rowsOf } from '#http/api/contract.ts';
import { checkSuppression } from '#operations/check-suppression.ts';
import type { Deps } from '#operations/deps.ts';
import { findSuppressions } from '#operations/find-suppressions.ts';
import { liftListed } from '#operations/lift-listed.ts';
import { listRanges } from '#operations/list-ranges.ts';
import { ownCampaign } from '#operations/own-campaign.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { suppressPrefix } from '#operations/suppress-prefix.ts';
import { dncFileRoutes } from './files.ts';
import { presentCheck, presentEntry, presentRange } from './present.ts';
import {
  Added,
  Check,
  CheckQuery,
  Entries,
  EntryInput,
  EntryPath,
  ListQuery,
  Ranges,
  Told,
} from './schemas.ts';

const path = '/api/v1/dnc';
const tags = ['Do not call'];

const list = createRoute({
  method: 'get',
  path,
  tags,
  ...needs('read'),
  summary: 'List the numbers on the do-not-call list, the newest first',
  request: { query: ListQuery },
  responses: { 200: json(Entries, 'A page of them.'), ...REFUSED },
});

const ranges = createRoute({
  method: 'get',
  path: `${path}/ranges`,
  tags,
  ...needs('read'),
  summary: 'List the ranges on the do-not-call list',
  request: { query: PageQuery },
  responses: { 200: json(Ranges, 'A page of them.'), ...REFUSED },
});

const check = createRoute({
  method: 'get',
  path: `${path}/check`,
  tags,
  ...needs('read'),
  summary: 'Whether a number is on the do-not-call list, and why',
  request: { query: CheckQuery },
  responses: { 200: json(Check, 'What is kept from it.'), ...REFUSED },
});

const add = createRoute({
  method: 'post',
  path,
  tags,
  ...needs('write'),
  summary: 'Put a number, or all that begin alike, on the do-not-call list',
  description: 'It counts before the next contact is placed, for all campaigns or for the one that is named.',
  request: { body: { ...json(EntryInput, 'Which number, and why.'), required: true } },
  responses: { 200: json(Added, 'It counts from now on.'), ...REFUSED },
});

const remove = createRoute({
  method: 'delete',
  path: `${path}/{id}`,
  tags,
  ...needs('launch'),
  summary: 'Take an entry off the list, when the person asked to hear from you again',
  description: 'It is noted who did it. Other entries of the same number stay, and the answer says so.',
  request: { params: EntryPath },
  responses: { 200: json(Told, 'What was taken off, and what that changes.'), ...REFUSED },
});

const removeRange = createRoute({
  method: 'delete',
  path: `${path}/ranges/{id}`,
  tags,
  ...needs('launch'),
  summary: 'Take a range off the list',
  description: 'Numbers of it that are listed by themselves stay listed.',
  request: { params: EntryPath },
  responses: { 200: json(Told, 'What was taken off, and what that changes.'), ...REFUSED },
});

/** The do-not-call list (campaign-api §7.19). Taking somebody off it has them contacted again, and takes that scope. */
export function dncRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const { workspaceId } = c.get('token');
    const { page, per_page, search, channel = null, campaign_id = null } = c.req.valid('query');
    const query = { workspaceId, search, channel, campaignId: campaign_id, page, perPage: per_page };
    const { total, entries } = await findSuppressions(deps, query);
    const pagination = paginationOf({ page, per_page }, total);
    return c.json({ entries: entries.map(presentEntry), pagination }, 200);
  });
  api.openapi(ranges, async (c) => {
    const query = c.req.valid('query');
    const { limit, offset } = rowsOf(query);
    const all = await listRanges(deps, c.get('token'));
    const shown = all.slice(offset, offset + limit).map(presentRange);
    return c.json({ ranges: shown, pagination: paginationOf(query, all.length) }, 200);
  });
  api.openapi(check, async (c) => {
    const { workspaceId } = c.get('token');
    const { phone_number: phone, campaign_id: campaignId = null } = c.req.valid('query');
    if (campaignId !== null) await ownCampaign(deps, { workspaceId, campaignId });
    return c.json(presentCheck(await checkSuppression(deps, { workspaceId, phone }), campaignId), 200);
  });
  api.openapi(add, async (c) => {
    const { phone_number, campaign_id: onlyCampaignId = null, ...said } = c.req.valid('json');
    const token = c.get('token');
    const { workspaceId } = token;
    if (onlyCampaignId !== null) await ownCampaign(deps, { workspaceId, campaignId: onlyCampaignId });
    const entry = { ...said, workspaceId, onlyCampaignId, source: 'api', actor: actorOf(token) } as const;
    const range = readRange(phone_number);
    if (range && 'problem' in range) throw new Refusal('phone_invalid', { problem: range.problem });
    return c.json(
      range ? await addRange(deps, { ...entry, ...range }) : await addNumber(deps, entry, phone_number),
      200,
    );
  });
  api.openapi(remove, async (c) => {
    const { workspaceId } = c.get('token');
    const asked = { workspaceId, what: 'entry', id: c.req.valid('param').id } as const;
    const { listed } = await liftListed(deps, { ...asked, actor: actorOf(c.get('token')) });
    const rest = await checkSuppression(deps, { workspaceId, phone: listed });
    const stands = rest.entries.length + rest.ranges.length > 0;
    return c.json({ message: removed(listed, stands ? 'Other entries of it still stand.' : '') }, 200);
  });
  api.openapi(removeRange, async (c) => {
    const { workspaceId } = c.get('token');
    const asked = { workspaceId, what: 'range', id: c.req.valid('param').id } as const;
    const { listed } = await liftListed(deps, { ...asked, actor: actorOf(c.get('token')) });
    return c.json({ message: removed(listed, 'Numbers of it that are listed by themselves stay.') }, 200);
  });
  dncFileRoutes(api, deps);
}

type NewEntry = Omit<Parameters<typeof suppressNumber>[1], 'phone'> & {
  onlyCampaignId: number | null;
  source: 'api';
};

async function addNumber(deps: Deps, entry: NewEntry, phone: string) {
  const { phoneNumber, changed } = await suppressNumber(deps, { ...entry, phone });
  const { entries } = await checkSuppression(deps, { workspaceId: entry.workspaceId, phone: phoneNumber });
  const stands = entries.find((one) => isSame(one, entry));
  return {
    entry: stands ? presentEntry(stands) : null,
    range: null,
    already_listed: !changed,
    message: added(phoneNumber, changed, entry),
  };
}

async function addRange(deps: Deps, entry: NewEntry & { prefix: string }) {
  const { changed } = await suppressPrefix(deps, entry);
  const stands = (await listRanges(deps, entry)).find(
    (one) => one.prefix === entry.prefix && isSame(one, entry),
  );
  return {
    entry: null,
    range: stands ? presentRange(stands) : null,
    already_listed: !changed,
    message: added(`${entry.prefix}*`, changed, entry),
  };
}

type Scope = { channel: string; onlyCampaignId: number | null };

function isSame(one: Scope, other: Scope): boolean {
  return one.channel === other.channel && one.onlyCampaignId === other.onlyCampaignId;
}

const DOES = { all: 'calls or texts', voice: 'calls', sms: 'texts' };

function added(listed: string, isNew: boolean, { channel, onlyCampaignId }: NewEntry): string {
  if (!isNew) return `${listed} was already on the do-not-call list. Nothing was changed.`;
  const who = onlyCampaignId === null ? 'no campaign of this workspace' : `campaign ${onlyCampaignId} never`;
  return `${listed} is on the do-not-call list: ${who} ${DOES[channel]} it from now on.`;
}

function removed(listed: string, still: string): string {
  const done = `${listed} is off the do-not-call list. Contacts that were skipped because of it stay skipped.`;
  return still === '' ? done : `${done} ${still}`;
}
