import { createRoute } from '@hono/zod-openapi';
import { readContactStatus } from '#domain/contact-status.ts';
import type { Api } from '#http/api/api.ts';
import { CampaignPath, json, needs, paginationOf, REFUSED, rowsOf } from '#http/api/contract.ts';
import type { Deps } from '#operations/deps.ts';
import { listContacts } from '#operations/list-contacts.ts';
import { showContact } from '#operations/show-contact.ts';
import { presentContact } from './present.ts';
import { Contact, ContactList, ContactPath, ContactQuery } from './schemas.ts';

const tags = ['Contacts'];

const list = createRoute({
  method: 'get',
  path: '/api/v1/campaigns/{id}/contacts',
  tags,
  ...needs('read'),
  summary: 'List the contacts of a campaign, in the order of their import',
  request: { params: CampaignPath, query: ContactQuery },
  responses: { 200: json(ContactList, 'One page of its contacts.'), ...REFUSED },
});

const read = createRoute({
  method: 'get',
  path: '/api/v1/campaigns/{id}/contacts/{contact_id}',
  tags,
  ...needs('read'),
  summary: 'Read one contact',
  request: { params: ContactPath },
  responses: { 200: json(Contact, 'The contact.'), ...REFUSED },
});

/** Whom a campaign reaches (campaign-api §1.2, §2.3). */
export function contactRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const query = c.req.valid('query');
    const { contacts, total } = await listContacts(deps, {
      workspaceId: c.get('token').workspaceId,
      campaignId: c.req.valid('param').id,
      status: readContactStatus(query.status),
      page: rowsOf(query),
    });
    const now = deps.clock.now();
    const answer = {
      contacts: contacts.map((contact) => presentContact(contact, now)),
      pagination: paginationOf(query, total),
    };
    return c.json(answer, 200);
  });
  api.openapi(read, async (c) => {
    const { id, contact_id } = c.req.valid('param');
    const { workspaceId } = c.get('token');
    const contact = await showContact(deps, { workspaceId, campaignId: id, contactId: contact_id });
    return c.json(presentContact(contact, deps.clock.now()), 200);
  });
}
