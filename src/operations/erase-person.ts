import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { anonymiseRows, eraseWords } from '#db/erase-person.ts';
import { type Erasure, endErasure, readErasure } from '#db/erasures.ts';
import { findPerson, isInFlight, type Person, type PersonRows } from '#db/person-facts.ts';
import { enqueue } from '#db/queue.ts';
import { actorText } from '#domain/actor.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { ERASED, personMarks } from '#domain/person-marks.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { eraseTraces } from './erase-traces.ts';
import { ERASURE_REASON } from './request-erasure.ts';
import { touchCard } from './wake-campaign.ts';

/**
 * Erases one person (GDPR art. 17): their contacts and attempts stay as rows that are about nobody, so that counts, costs and
 * outcomes stay what they were; what they said and wrote, messages about them and every trace in reports, forms and
 * rejected rows goes; recordings are deleted at the provider. What is found by their number goes last, so that whoever
 * takes over after a crash finds them again. Throws while something with them is not over, to be run again.
 */
export async function erasePerson(deps: Deps, { lookup }: { lookup: string }): Promise<void> {
  const erasure = await readErasure(deps.db, lookup);
  if (!erasure) return;
  const rows = await findPerson(deps.db, erasure);
  const marks = personMarks(erasure.phoneNumber, rows.names);
  await eraseTraces(deps, { person: erasure, rows, marks, masked: maskPhone(erasure.phoneNumber), lookup });
  for (const campaignId of await anonymise(deps, erasure)) await touchCard(deps.db, deps, campaignId);
}

function erasedWords({ contactIds, attemptIds, callIds }: PersonRows): string {
  const some = (count: number, one: string) =>
    count === 0 ? `no ${one}` : `${count} ${one}${count === 1 ? '' : 's'}`;
  return `${some(contactIds.length, 'contact')}, ${some(attemptIds.length, 'attempt')} and ${some(callIds.length, 'call')}`;
}

async function refuseInFlight(tx: Transaction, person: Person): Promise<void> {
  if (await isInFlight(tx, person))
    throw new Error('a call or a text to a person to be erased is not over yet');
}

/** One transaction: the person is gone from the ledger, or all of them is still there. */
async function anonymise(deps: Deps, erasure: Erasure): Promise<number[]> {
  const now = deps.clock.now();
  const { id, workspaceId, phoneNumber, actor, channelId } = erasure;
  const person = { workspaceId, phoneNumber };
  const masked = maskPhone(phoneNumber);
  return deps.db.transaction(async (tx) => {
    const rows = await findPerson(tx, person);
    await refuseInFlight(tx, person);
    await anonymiseRows(tx, rows, { ...person, now, erased: ERASED });
    // A claim that was being made when they came onto the list held their contact: its attempt can be seen now.
    await refuseInFlight(tx, person);
    await eraseWords(tx, person, { erased: ERASED, reason: ERASURE_REASON });
    await enqueue(tx, deps.clock, 'delete_recordings', {}, { key: 'delete_recordings' });
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: actorText(actor),
      kind: 'person_erased',
      details: { phone: masked, contacts: rows.contactIds.length, attempts: rows.attemptIds.length },
      createdAt: now,
    });
    await announce(tx, deps, {
      workspaceId,
      campaignId: null,
      channelId,
      key: `erased:${id}`,
      content: {
        kind: 'note',
        level: 'good',
        text: `${masked} is erased: ${erasedWords(rows)} no longer say whom they are about. The do-not-call entry stays. Files that were handed out, and the provider’s own records, are not in my hands: delete those where they lie.`,
        buttons: [],
      },
      place: 'channel',
    });
    await endErasure(tx, id);
    return rows.campaignIds;
  });
}
