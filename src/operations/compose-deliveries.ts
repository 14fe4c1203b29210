import type { Executor } from '#db/client.ts';
import type { DeliveryRow } from '#db/webhook-deliveries.ts';
import { contactsTold, suppressionsTold, textsTold } from '#db/webhook-subjects.ts';
import { type ContactFacts, contactDataOf } from '#domain/contact-data.ts';
import { type Counts, measureCampaign } from '#domain/metrics.ts';
import type { DeliveryType } from '#domain/webhook-events.ts';

/** What is sent: the same `id` over all tries and replays. */
export type Envelope = {
  id: number;
  type: DeliveryType;
  created_at: string;
  workspace_id: number;
  campaign_id: number | null;
  data: Record<string, unknown>;
};

/**
 * What deliveries of one workspace say. Whom they are about is read now and not when it happened: of somebody who was
 * erased since, the status is told and nothing else.
 */
export async function composeDeliveries(
  executor: Executor,
  workspaceId: number,
  rows: DeliveryRow[],
): Promise<Envelope[]> {
  const subjects = await loadSubjects(executor, rows);
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    created_at: (row.createdAt ?? row.triedAt ?? new Date(0)).toISOString(),
    workspace_id: workspaceId,
    campaign_id: row.campaignId,
    data: TELL[row.type](row, subjects),
  }));
}

type Subjects = {
  contacts: Map<number, Awaited<ReturnType<typeof contactsTold>>[number]>;
  texts: Map<number, Awaited<ReturnType<typeof textsTold>>[number]>;
  suppressions: Map<number, Awaited<ReturnType<typeof suppressionsTold>>[number]>;
};

async function loadSubjects(executor: Executor, rows: DeliveryRow[]): Promise<Subjects> {
  const of = (type: DeliveryType) =>
    rows.flatMap(({ type: own, subjectId, data }) =>
      own === type && subjectId !== null ? [{ id: subjectId, run: Number(data.run_number) }] : [],
    );
  const ids = (type: DeliveryType) => of(type).map(({ id }) => id);
  return {
    contacts: byId(await contactsTold(executor, of('contact_updated'))),
    texts: byId(await textsTold(executor, ids('reply_received'))),
    suppressions: byId(await suppressionsTold(executor, ids('opt_out'))),
  };
}

function byId<T extends { id: number }>(rows: T[]): Map<number, T> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** Of somebody who was erased it is told that there was somebody. */
const NOBODY: ContactFacts = { variableValues: {}, customFields: {}, fileName: null };

const TELL: Record<DeliveryType, (row: DeliveryRow, subjects: Subjects) => Record<string, unknown>> = {
  campaign_status_changed({ data }) {
    const { counts, completed_at, hold, ...rest } = data;
    return { ...rest, hold_code: (hold as { code?: string } | null)?.code ?? null };
  },
  campaign_completed({ data }) {
    const { name, status, run_number, completed_at } = data;
    const progress = data.counts ? measureRun(data.counts as Counts) : null;
    return { name, status, run_number, completed_at: instantOf(completed_at), progress };
  },
  contact_updated({ subjectId, data }, { contacts }) {
    const contact = contacts.get(subjectId ?? 0);
    const isKnown = contact !== undefined && isNumber(contact.phoneNumber);
    return {
      contact_id: subjectId,
      phone_number: isKnown ? contact.phoneNumber : null,
      contact_data: contactDataOf(isKnown ? contact : NOBODY),
      ...data,
      last_attempt_at: instantOf(data.last_attempt_at),
      channel: contact?.channel ?? null,
      outcome: contact?.outcome ?? null,
    };
  },
  reply_received({ subjectId }, { texts }) {
    const text = texts.get(subjectId ?? 0);
    const isKnown = text !== undefined && isNumber(text.fromNumber);
    return {
      text_id: subjectId,
      contact_id: text?.contactId ?? null,
      from_number: isKnown ? text.fromNumber : null,
      to_number: text?.toNumber ?? null,
      body: isKnown ? text.body : null,
      media_count: text?.mediaCount ?? 0,
      verdict: text?.verdict ?? null,
      received_at: instantOf(text?.receivedAt),
    };
  },
  opt_out({ subjectId }, { suppressions }) {
    const entry = suppressions.get(subjectId ?? 0);
    return {
      suppression_id: subjectId,
      phone_number: entry && isNumber(entry.phoneNumber) ? entry.phoneNumber : null,
      channel: entry?.channel ?? null,
      reason: entry?.reason ?? null,
      source: entry?.source ?? null,
      is_in_force: entry?.liftedAt === null,
    };
  },
  test: () => ({ message: 'Somebody tried this webhook. Nothing happened in any campaign.' }),
};

/** Something else stands where the number of an erased person stood. */
function isNumber(text: string): boolean {
  return text.startsWith('+');
}

function measureRun(counts: Counts) {
  const { total_contacts, completed, failed, processing, pending, skipped, success_rate } =
    measureCampaign(counts);
  return { total_contacts, completed, failed, processing, pending, skipped, success_rate: success_rate ?? 0 };
}

/** PostgreSQL writes instants into JSON in the session's zone. */
function instantOf(value: unknown): string | null {
  return typeof value === 'string' || value instanceof Date ? new Date(value).toISOString() : null;
}
