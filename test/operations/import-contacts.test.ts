import { describe, expect, it } from 'vitest';
import { readRejects } from '#db/imports.ts';
import { importContacts } from '#operations/import-contacts.ts';
import { chatWithFiles, contactsOf, importDeps, importRow, seedCampaign, seedImport } from '#support/contact-files.ts';
import { createTestDatabase } from '#support/database.ts';

const { client, url } = await createTestDatabase();
const { db } = client;

async function load(files: Parameters<typeof chatWithFiles>[0], seed = {}, given = {}) {
  const place = await seedCampaign(db, seed);
  const importId = await seedImport(db, place, given);
  const deps = importDeps(db, url, chatWithFiles(files));
  const outcome = await importContacts(deps, { importId });
  let rejects = '';
  for await (const piece of readRejects(db, importId)) rejects += piece;
  return { ...place, importId, deps, outcome, row: await importRow(db, importId), contacts: await contactsOf(db, place.campaignId), rejects };
}

describe('a file of contacts', () => {
  it('becomes contacts, and the rows that are none come back with line and reason', async () => {
    const loaded = await load({
      'clients.csv':
        'Phone Number,Customer Name,Company,Appointment Date\n5551234567,John Smith,Acme Corp,2024-02-15\n911,Jane,,\n(555) 123-4567,Twice,,\n+15559876543,"Doe,\nJane",Tech Inc,2024-02-16\n',
    });
    console.log(loaded.outcome, loaded.row, loaded.contacts, loaded.rejects, loaded.deps.logged);
    expect(loaded.outcome).toEqual({ kind: 'completed' });
  });
});
