-- Instants are timestamptz(3): a JavaScript Date has milliseconds, and a keyset cursor over finer values would skip rows.
-- No now() anywhere: the time is an argument of every statement.

create table workspaces (
  id integer generated always as identity primary key,
  slack_team_id text not null unique,
  name text not null,
  company_name text,
  bot_user_id text,
  default_country text not null default 'US',
  time_zone text not null default 'America/New_York',
  default_role text not null default 'launcher' check (default_role in ('viewer', 'editor', 'launcher', 'admin')),
  concurrent_limit integer not null default 50 check (concurrent_limit > 0),
  rate_limit_per_minute integer not null default 600 check (rate_limit_per_minute > 0),
  is_connected boolean not null default true,
  -- No attempt up to this id is dialing any more: counting begins behind it, and not among those of long ago.
  dialing_after_id bigint not null default 0,
  created_at timestamptz(3) not null
);

create table campaigns (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces,
  name text not null,
  description text,
  campaign_type text not null check (campaign_type in ('call', 'sms', 'mixed')),
  status text not null check (status in ('draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled', 'failed')),
  version integer not null default 1,
  run_number integer not null default 1,
  welcome_message_template text,
  agenda_template text,
  end_call_message_template text,
  sms_message_template text,
  fallback_values jsonb not null default '{}',
  variable_mappings jsonb not null default '{}',
  available_variables text[] not null default '{}',
  max_attempts smallint not null default 3,
  retry_delay_minutes smallint not null default 30,
  concurrent_limit smallint not null default 5,
  rate_limit_per_minute smallint not null default 10,
  allowed_hours jsonb,
  time_zone text not null,
  contact_time_zone boolean not null default true,
  from_number text,
  channel_id text,
  -- Why nothing is being placed right now, as domain/hold.ts writes it; null while contacts are being reached.
  hold jsonb,
  -- Where the last claim ended, so that the next one does not walk over the dead index entries of the ones before it.
  claim_after_at timestamptz(3),
  claim_after_id bigint,
  -- The results file of the last run is still to be posted.
  results_due_at timestamptz(3),
  -- The same click or request sent twice makes one campaign.
  creation_key text unique,
  last_import_file_name text,
  last_import_at timestamptz(3),
  last_import_row_count integer,
  created_by text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  started_at timestamptz(3),
  resumed_at timestamptz(3),
  completed_at timestamptz(3)
);
create index campaigns_by_workspace on campaigns (workspace_id, id desc);
create index campaigns_running on campaigns (id) where status = 'running';
create index campaigns_results_due on campaigns (id) where results_due_at is not null;

create table contacts (
  id bigint generated always as identity primary key,
  campaign_id integer not null references campaigns on delete cascade,
  phone_number text not null,
  variable_values jsonb not null default '{}',
  custom_fields jsonb not null default '{}',
  import_id integer,
  line_number integer,
  status text not null default 'pending' check (status in
    ('pending', 'in_progress', 'completed', 'failed', 'no_answer', 'busy', 'voicemail', 'skipped')),
  skip_reason text,
  -- Attempts that count against max_attempts; last_n numbers every attempt row, counted or not.
  attempts smallint not null default 0,
  last_n smallint not null default 0,
  next_attempt_at timestamptz(3),
  -- Why a pending contact waits until next_attempt_at: outside_hours, retry, number_in_flight, held_for_review.
  wait_reason text,
  last_attempt_at timestamptz(3),
  created_at timestamptz(3) not null,
  unique (campaign_id, phone_number)
);
create index contacts_due on contacts (campaign_id, next_attempt_at, id) where status = 'pending';
create index contacts_by_number on contacts (phone_number) where status = 'pending';

create table campaign_counts (
  campaign_id integer primary key references campaigns on delete cascade,
  pending integer not null default 0,
  in_progress integer not null default 0,
  completed integer not null default 0,
  failed integer not null default 0,
  no_answer integer not null default 0,
  busy integer not null default 0,
  voicemail integer not null default 0,
  skipped integer not null default 0
);

-- One wide row per campaign, kept by statement triggers: exact whatever code changes a status, and they cannot
-- deadlock on themselves as row triggers over several counter rows do.
create function change_campaign_counts(changes jsonb) returns void language sql as $$
  update campaign_counts c set
    pending = c.pending + coalesce(d.pending, 0), in_progress = c.in_progress + coalesce(d.in_progress, 0),
    completed = c.completed + coalesce(d.completed, 0), failed = c.failed + coalesce(d.failed, 0),
    no_answer = c.no_answer + coalesce(d.no_answer, 0), busy = c.busy + coalesce(d.busy, 0),
    voicemail = c.voicemail + coalesce(d.voicemail, 0), skipped = c.skipped + coalesce(d.skipped, 0)
  from (
    select campaign_id,
      sum(change) filter (where status = 'pending') as pending,
      sum(change) filter (where status = 'in_progress') as in_progress,
      sum(change) filter (where status = 'completed') as completed,
      sum(change) filter (where status = 'failed') as failed,
      sum(change) filter (where status = 'no_answer') as no_answer,
      sum(change) filter (where status = 'busy') as busy,
      sum(change) filter (where status = 'voicemail') as voicemail,
      sum(change) filter (where status = 'skipped') as skipped
    from jsonb_to_recordset(changes) as given(campaign_id integer, status text, change integer)
    group by campaign_id having bool_or(change <> 0)
  ) d where d.campaign_id = c.campaign_id
$$;

create function count_contacts() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform change_campaign_counts(jsonb_agg(g)) from (
      select campaign_id, status, count(*) as change from after_rows group by campaign_id, status) g;
  elsif tg_op = 'DELETE' then
    perform change_campaign_counts(jsonb_agg(g)) from (
      select campaign_id, status, -count(*) as change from before_rows group by campaign_id, status) g;
  else
    perform change_campaign_counts(jsonb_agg(g)) from (
      select campaign_id, status, sum(change) as change from (
        select campaign_id, status, 1 as change from after_rows
        union all select campaign_id, status, -1 from before_rows
      ) both_sides group by campaign_id, status having sum(change) <> 0) g;
  end if;
  return null;
end $$;
create trigger contacts_counted_in after insert on contacts
  referencing new table as after_rows for each statement execute function count_contacts();
create trigger contacts_counted_over after update on contacts
  referencing old table as before_rows new table as after_rows for each statement execute function count_contacts();
create trigger contacts_counted_out after delete on contacts
  referencing old table as before_rows for each statement execute function count_contacts();

-- The ledger: every call or text is a row here, committed before the provider is asked.
create table attempts (
  id bigint generated always as identity primary key,
  token text not null unique,
  workspace_id integer not null references workspaces,
  campaign_id integer not null references campaigns on delete cascade,
  contact_id bigint not null references contacts on delete cascade,
  run_number integer not null,
  channel text not null check (channel in ('sms', 'call')),
  purpose text not null default 'campaign' check (purpose in ('campaign', 'reply')),
  n smallint not null,
  phone_number text not null,
  sender text not null,
  body text,
  segments smallint,
  state text not null check (state in ('dialing', 'ringing', 'in_progress', 'unknown', 'needs_review', 'ended')),
  outcome text,
  failure_class text,
  failure_code text,
  provider text not null,
  provider_ref text,
  provider_status text,
  -- The verdict of the gate and what it was based on.
  gate jsonb not null,
  -- From here on the provider may have been asked; before it, nobody was contacted.
  asked_at timestamptz(3),
  lease_until timestamptz(3),
  -- When to look at the provider again, and how many looks found nothing.
  look_at timestamptz(3),
  empty_looks smallint not null default 0,
  price_micros bigint,
  price_currency text,
  created_by text,
  created_at timestamptz(3) not null,
  ended_at timestamptz(3),
  unique (contact_id, channel, run_number, n),
  check ((state = 'ended') = (outcome is not null))
);
create unique index attempts_by_provider_ref on attempts (provider, provider_ref) where provider_ref is not null;
-- A number is never in flight twice, whichever campaign claims it: the second insert finds this index.
create unique index attempts_one_in_flight on attempts (workspace_id, phone_number)
  where state <> 'ended' and purpose = 'campaign';
create index attempts_open on attempts (campaign_id, state) where state <> 'ended';
create index attempts_leased on attempts (lease_until) where state = 'dialing';
create index attempts_dialing on attempts (workspace_id, id) where state = 'dialing';
create index attempts_to_look_at on attempts (look_at) where look_at is not null;
create index attempts_to_look_at_by_state on attempts (state, look_at) where look_at is not null;
create index attempts_by_campaign on attempts (campaign_id, id desc);
create index attempts_ended on attempts (campaign_id, ended_at desc) where state = 'ended';
create index attempts_by_number on attempts (phone_number, created_at desc);

-- Rate tokens of a campaign, a workspace or a sender (domain/pacing.ts).
create table rate_buckets (
  scope text primary key,
  tokens double precision not null,
  refilled_at timestamptz(3) not null
);

create table suppressions (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces,
  phone_number text not null,
  channel text not null check (channel in ('all', 'voice', 'sms')),
  reason text not null,
  source text not null check (source in ('manual', 'opt_out', 'import', 'api', 'provider')),
  campaign_id integer references campaigns on delete set null,
  actor text not null,
  created_at timestamptz(3) not null,
  lifted_at timestamptz(3),
  lifted_by text
);
create unique index suppressions_in_force on suppressions (workspace_id, phone_number, channel) where lifted_at is null;

-- Somebody may have asked to be left alone: nothing goes to them until a person decides.
create table contact_holds (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces,
  phone_number text not null,
  campaign_id integer references campaigns on delete set null,
  inbound_text_id bigint,
  created_at timestamptz(3) not null,
  decision text check (decision in ('suppress', 'keep')),
  decided_at timestamptz(3),
  decided_by text
);
create unique index contact_holds_open on contact_holds (workspace_id, phone_number) where decided_at is null;

create table inbound_texts (
  id bigint generated always as identity primary key,
  workspace_id integer not null references workspaces,
  campaign_id integer references campaigns on delete set null,
  contact_id bigint references contacts on delete set null,
  provider text not null,
  provider_ref text not null,
  from_number text not null,
  to_number text not null,
  body text not null,
  media_count smallint not null default 0,
  verdict text not null check (verdict in ('stop', 'near_stop', 'start', 'help', 'reply')),
  received_at timestamptz(3) not null,
  unique (provider, provider_ref)
);
create index inbound_texts_by_contact on inbound_texts (contact_id, id desc);

-- What a provider told us, stored once before it is answered, merged by a job.
create table provider_events (
  id bigint generated always as identity primary key,
  provider text not null,
  dedupe_key text not null,
  event jsonb not null,
  raw jsonb not null,
  received_at timestamptz(3) not null,
  merged_at timestamptz(3),
  problem text,
  unique (provider, dedupe_key)
);
create index provider_events_unmerged on provider_events (id) where merged_at is null;
create index provider_events_by_age on provider_events (received_at);
create index inbound_texts_by_campaign on inbound_texts (campaign_id);
create index suppressions_by_campaign on suppressions (campaign_id) where lifted_at is null;
create index contact_holds_by_campaign on contact_holds (campaign_id) where decided_at is null;
