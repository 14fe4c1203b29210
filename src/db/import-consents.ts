import type { ImportTransaction } from './copy-contacts.ts';

/**
 * Notes the consents that the waiting rows say, also of people whom the campaign has already. One without a day counts from
 * now. What somebody withdrew, or opted out of, after the day in the file is not brought back by it; a consent without a
 * day brings nothing back. Returns how many are new.
 */
export async function noteConsents(
  tx: ImportTransaction,
  input: { workspaceId: number; importId: number; sourceColumn: string; now: string },
): Promise<number> {
  const { workspaceId, importId, sourceColumn, now } = input;
  const noted = await tx`
    insert into consents (workspace_id, phone_number, channel, given_at, method, wording, source_column, import_id, actor,
      created_at)
    select ${workspaceId}::int, r.phone_number, r.consent_channel, coalesce(r.consent_at, ${now}::timestamptz),
      r.consent_method, r.consent_wording, ${sourceColumn}::text, i.id, i.requested_by, ${now}::timestamptz
    from import_rows r join imports i on i.id = ${importId}
    where r.consent_channel is not null
      and not exists (
        select from consents c
        where c.workspace_id = ${workspaceId} and c.phone_number = r.phone_number and c.withdrawn_at is not null
          and (c.channel = r.consent_channel or 'all' in (c.channel, r.consent_channel))
          and c.withdrawn_at >= coalesce(r.consent_at, '-infinity'))
      and not exists (
        select from suppressions s
        where s.workspace_id = ${workspaceId} and s.phone_number = r.phone_number and s.source in ('opt_out', 'provider')
          and (s.channel = r.consent_channel or 'all' in (s.channel, r.consent_channel))
          and s.created_at >= coalesce(r.consent_at, '-infinity'))
    order by r.phone_number
    on conflict do nothing`;
  return noted.count;
}
