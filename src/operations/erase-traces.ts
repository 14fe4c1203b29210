import {
  eraseAnswers,
  eraseDeliveries,
  eraseDrafts,
  eraseFromImports,
  eraseReports,
  eraseWebhookAnswers,
  keepRejects,
  maskEvents,
  messagesAbout,
  rejectsMentioning,
  replaceMessage,
} from '#db/erase-traces.ts';
import type { Person, PersonRows } from '#db/person-facts.ts';
import { eraseUploads } from '#db/uploads.ts';
import { withoutRejects } from '#domain/contact-import/reject-csv.ts';
import { isAbout, mentions, mentionsMasked, type PersonMarks } from '#domain/person-marks.ts';
import type { ChatContent } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

/** Whose traces are looked for. `lookup` is the draft that keeps the number until the very end. */
export type TracesOf = {
  person: Person;
  rows: PersonRows;
  marks: PersonMarks;
  masked: string;
  lookup: string;
};

/**
 * Takes a person out of everything that named them on the way: reports of the provider, deliveries and forms of Slack,
 * messages (in Slack too), rejected rows, and the log of who did what, in which they stay masked. Throws while something
 * that was told of them is not worked through, to be run again.
 */
export async function eraseTraces(deps: Deps, of: TracesOf): Promise<void> {
  const { person, marks, masked, lookup } = of;
  const about = { workspaceId: person.workspaceId, marks };
  await eraseMessages(deps, of);
  for await (const piece of rejectsMentioning(deps.db, about)) {
    const csv = withoutRejects(piece.csv, (cell) => isAbout(cell, marks));
    await keepRejects(deps.db, { ...piece, csv });
  }
  await eraseFromImports(deps.db, about);
  await eraseUploads(deps.db, person.workspaceId);
  await eraseAnswers(deps.db, about);
  await eraseDrafts(deps.db, { ...about, butFor: lookup });
  await maskEvents(deps.db, { ...about, masked });
  await eraseWebhookAnswers(deps.db, of.rows, marks);
  const isLeft = [await eraseDeliveries(deps.db, marks), await eraseReports(deps.db, marks)];
  if (isLeft.includes(true))
    throw new Error('what was told of a person to be erased is not worked through yet');
}

const GONE: ChatContent = {
  kind: 'note',
  level: 'info',
  text: 'What stood here was erased on the wish of the person it was about.',
  buttons: [],
};

/** Messages go in Slack as well, as far as they are still there. */
async function eraseMessages(deps: Deps, { person, rows, marks, masked }: TracesOf): Promise<void> {
  const { workspaceId } = person;
  for (let afterId = 0; ; ) {
    const found = await messagesAbout(deps.db, { workspaceId, rows, marks, masked, afterId });
    for (const { id, content, channelId, ts, isUnderWay, isById } of found) {
      const text = JSON.stringify(content);
      if (!isById && !mentions(text, marks) && !mentionsMasked(text, masked, marks)) continue;
      if (isUnderWay) throw new Error('a message about a person to be erased is being posted');
      if (ts) await takeDown(deps, { channelId, ts });
      await replaceMessage(deps.db, id, GONE);
    }
    const last = found.at(-1);
    if (!last) return;
    afterId = last.id;
  }
}

/** The stored message is replaced only when Slack has let go of it, or never will. */
async function takeDown(deps: Deps, place: { channelId: string; ts: string }): Promise<void> {
  const result = await deps.chat.update(place, GONE);
  if (result.kind === 'throttled' || result.kind === 'unknown')
    throw new Error(`a message about a person to be erased: ${result.kind}`);
  if (result.kind !== 'done') deps.log.warn({ result: result.kind }, 'a message could not be taken down');
}
