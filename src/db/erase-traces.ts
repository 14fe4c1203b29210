import { and, asc, eq, inArray, isNotNull, ne, or, sql } from 'drizzle-orm/sql';
import type { PersonMarks } from '#domain/person-marks.ts';
import type { ChatContent } from '#ports/chat.ts';
import { apiRequests, apiTokens } from './api-schema.ts';
import type { Executor } from './client.ts';
import { importRejects, imports } from './import-schema.ts';
import type { PersonRows } from './person-facts.ts';
import { campaignEvents, providerEvents } from './schema.ts';
import { formDrafts, posts, slackDeliveries } from './slack-schema.ts';
import { webhookDeliveries } from './webhook-schema.ts';

/*
 * What was stored for other ends and names somebody on the way: reports, forms, messages, rejected rows. None of it has an
 * index by person, so each table is read once; what is handed to the product's own code to judge is only what may match.
 */

type Column = ReturnType<typeof sql>;

/** May a text name the person? Their digits in any notation, or a name letter by letter. */
function mayMention(column: Column, { digits, names }: PersonMarks) {
  const named = sql.join(
    [
      sql`regexp_replace(${column}, '[^0-9]', '', 'g') like ${`%${digits}%`}`,
      // As they stand in a JSON text, where quotes and line ends are escaped.
      ...names.map((name) => sql`position(${JSON.stringify(name).slice(1, -1)}::text in ${column}) > 0`),
      ...names.map((name) => sql`position(${name}::text in ${column}) > 0`),
    ],
    sql` or `,
  );
  return sql`(${named})`;
}

/** Empties what the provider reported about somebody; true when some of it is still to be merged. */
export async function eraseReports(executor: Executor, marks: PersonMarks): Promise<boolean> {
  const theirs = mayMention(sql`(${providerEvents.event}::text || ' ' || ${providerEvents.raw}::text)`, {
    ...marks,
    names: [],
  });
  await executor
    .update(providerEvents)
    .set({ event: sql`'{}'::jsonb`, raw: {}, problem: null })
    .where(and(isNotNull(providerEvents.mergedAt), theirs));
  const left = await executor.select({ id: providerEvents.id }).from(providerEvents).where(theirs).limit(1);
  return left.length > 0;
}

/** Empties what Slack delivered about somebody; true when some of it is still to be handled. */
export async function eraseDeliveries(executor: Executor, marks: PersonMarks): Promise<boolean> {
  const theirs = mayMention(sql`${slackDeliveries.payload}::text`, marks);
  await executor
    .update(slackDeliveries)
    .set({ payload: {} })
    .where(and(isNotNull(slackDeliveries.handledAt), theirs));
  const left = await executor.select({ id: slackDeliveries.id }).from(slackDeliveries).where(theirs).limit(1);
  return left.length > 0;
}

/** Forgets forms half filled in that name somebody; `butFor` is kept. */
export async function eraseDrafts(
  executor: Executor,
  { workspaceId, marks, butFor }: { workspaceId: number; marks: PersonMarks; butFor: string | null },
): Promise<void> {
  await executor
    .delete(formDrafts)
    .where(
      and(
        eq(formDrafts.workspaceId, workspaceId),
        butFor === null ? undefined : ne(formDrafts.id, butFor),
        mayMention(sql`${formDrafts.data}::text`, marks),
      ),
    );
}

/** Forgets answers of the API that name somebody and were kept for repetitions. */
export async function eraseAnswers(
  executor: Executor,
  { workspaceId, marks }: { workspaceId: number; marks: PersonMarks },
): Promise<void> {
  const tokens = executor
    .select({ id: apiTokens.id })
    .from(apiTokens)
    .where(eq(apiTokens.workspaceId, workspaceId));
  await executor
    .update(apiRequests)
    .set({ body: null })
    .where(and(inArray(apiRequests.tokenId, tokens), mayMention(sql`${apiRequests.body}`, marks)));
}

/** Forgets what webhooks answered to being told of somebody, and whatever else they answered that names them. */
export async function eraseWebhookAnswers(
  executor: Executor,
  rows: PersonRows,
  marks: PersonMarks,
): Promise<void> {
  const { type, subjectId, responseBody } = webhookDeliveries;
  const isAbout = or(
    and(eq(type, 'contact_updated'), inArray(subjectId, rows.contactIds)),
    and(eq(type, 'reply_received'), inArray(subjectId, rows.inboundTextIds)),
    mayMention(sql`${responseBody}`, marks),
  );
  await executor
    .update(webhookDeliveries)
    .set({ responseBody: null })
    .where(and(isNotNull(responseBody), isAbout));
}

/** Masks somebody in the log of who did what; the lines stay. */
export async function maskEvents(
  executor: Executor,
  { workspaceId, marks, masked }: { workspaceId: number; marks: PersonMarks; masked: string },
): Promise<void> {
  const pairs = [
    [marks.phoneNumber, masked] as const,
    ...marks.names.map((name) => [JSON.stringify(name).slice(1, -1), '…'] as const),
  ];
  const replaced = pairs.reduce(
    (text, [from, to]) => sql`replace(${text}, ${from}::text, ${to}::text)`,
    sql`${campaignEvents.details}::text`,
  );
  await executor
    .update(campaignEvents)
    .set({ details: sql`(${replaced})::jsonb` })
    .where(
      and(
        eq(campaignEvents.workspaceId, workspaceId),
        mayMention(sql`${campaignEvents.details}::text`, marks),
      ),
    );
}

/** `isUnderWay`: Slack is being given it, so nobody knows yet where it will stand. */
type FoundMessage = {
  id: number;
  content: ChatContent;
  channelId: string;
  ts: string | null;
  isUnderWay: boolean;
  isById: boolean;
};

/** Messages of the workspace behind an id that are about somebody by their ids, or may name them. */
export async function messagesAbout(
  executor: Executor,
  about: { workspaceId: number; rows: PersonRows; marks: PersonMarks; masked: string; afterId: number },
): Promise<FoundMessage[]> {
  const { rows, marks, masked, afterId, workspaceId } = about;
  const isOf = (key: string, ids: number[]) =>
    sql`(${posts.content} ->> ${key}::text)::bigint in (select jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb)::bigint)`;
  const isById = sql<boolean>`coalesce(${isOf('inboundTextId', rows.inboundTextIds)} or ${isOf('callId', rows.callIds)}
    or ${isOf('attemptId', rows.attemptIds)}, false)`;
  return executor
    .select({
      id: posts.id,
      content: posts.content,
      channelId: posts.channelId,
      ts: posts.ts,
      isUnderWay: sql<boolean>`${posts.state} = 'sending'`,
      isById,
    })
    .from(posts)
    .where(
      and(
        eq(posts.workspaceId, workspaceId),
        sql`${posts.id} > ${afterId}`,
        sql`(${isById} or ${mayMention(sql`${posts.content}::text`, { ...marks, names: [...marks.names, masked] })})`,
      ),
    )
    .orderBy(asc(posts.id))
    .limit(200);
}

/** Puts another content in the place of a message's. */
export async function replaceMessage(executor: Executor, id: number, content: ChatContent): Promise<void> {
  await executor.update(posts).set({ content, problem: null }).where(eq(posts.id, id));
}

/** Pieces of rejected rows that may name somebody, one at a time: a piece has a quarter of a megabyte. */
export async function* rejectsMentioning(
  executor: Executor,
  { workspaceId, marks }: { workspaceId: number; marks: PersonMarks },
): AsyncGenerator<{ importId: number; seq: number; csv: string }> {
  const found = await executor
    .select({ importId: importRejects.importId, seq: importRejects.seq })
    .from(importRejects)
    .innerJoin(imports, eq(imports.id, importRejects.importId))
    .where(and(eq(imports.workspaceId, workspaceId), mayMention(sql`${importRejects.csv}`, marks)));
  for (const key of found) {
    const [piece] = await executor
      .select()
      .from(importRejects)
      .where(and(eq(importRejects.importId, key.importId), eq(importRejects.seq, key.seq)));
    if (piece) yield piece;
  }
}

/** Keeps a piece of rejected rows without those that were taken out. */
export async function keepRejects(
  executor: Executor,
  { importId, seq, csv }: { importId: number; seq: number; csv: string },
): Promise<void> {
  await executor
    .update(importRejects)
    .set({ csv })
    .where(and(eq(importRejects.importId, importId), eq(importRejects.seq, seq)));
}

/** Takes somebody out of the first rejected values that are kept with an import itself. */
export async function eraseFromImports(
  executor: Executor,
  { workspaceId, marks }: { workspaceId: number; marks: PersonMarks },
): Promise<void> {
  await executor
    .update(imports)
    .set({
      errors: sql`coalesce((
        select jsonb_agg(e) from jsonb_array_elements(${imports.errors}) e
        where not ${mayMention(sql`(e ->> 'value')`, marks)}), '[]'::jsonb)`,
    })
    .where(and(eq(imports.workspaceId, workspaceId), mayMention(sql`${imports.errors}::text`, marks)));
}
