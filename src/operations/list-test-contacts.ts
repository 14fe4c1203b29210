import { firstContacts } from '#db/contacts.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import type { Deps } from './deps.ts';

const MOST = 25;

/** The first contacts of a campaign by name, whose values a test can be made with. */
export async function listTestContacts(
  { db }: Pick<Deps, 'db'>,
  { campaignId }: { campaignId: number },
): Promise<{ id: number; label: string }[]> {
  const rows = await firstContacts(db, campaignId, MOST);
  return rows.map(({ id, phoneNumber, variableValues }) => {
    const phone = maskPhone(phoneNumber);
    return { id, label: variableValues.name ? `${variableValues.name} (${phone})` : phone };
  });
}
