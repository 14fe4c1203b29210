import { inArray, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { inboundTexts, suppressions } from './schema.ts';

/** Whom deliveries are about, as they are known when they are sent. */

export type ContactTold = {
  id: number;
  phoneNumber: string;
  variableValues: Record<string, string>;
  customFields: Record<string, string>;
  /** Of the file that brought them; null where none did. */
  fileName: string | null;
  /** The newest attempt of the run; null where there was none. */
  channel: string | null;
  outcome: string | null;
};

/** Contacts by id, each with the newest attempt of its run. */
export async function contactsTold(
  executor: Executor,
  wanted: { id: number; run: number }[],
): Promise<ContactTold[]> {
  if (wanted.length === 0) return [];
  return executor.execute<ContactTold>(sql`
    select c.id::float8 as id, c.phone_number as "phoneNumber", c.variable_values as "variableValues",
      c.custom_fields as "customFields", i.file_name as "fileName", a.channel, a.outcome
    from jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) as w(id bigint, run int)
      join contacts c on c.id = w.id
      left join imports i on i.id = c.import_id
      left join lateral (
        select channel, outcome from attempts
        where contact_id = c.id and run_number = w.run and purpose = 'campaign' order by id desc limit 1
      ) a on true`);
}

export async function textsTold(executor: Executor, ids: number[]) {
  return ids.length === 0 ? [] : executor.select().from(inboundTexts).where(inArray(inboundTexts.id, ids));
}

export async function suppressionsTold(executor: Executor, ids: number[]) {
  return ids.length === 0 ? [] : executor.select().from(suppressions).where(inArray(suppressions.id, ids));
}
