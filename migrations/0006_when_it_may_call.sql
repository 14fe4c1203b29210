-- What decides whether and when somebody may be contacted: schedules, laws, limits, consent, money, approval, roles.

alter table workspaces
  -- Which hours the law allows: the row of each state, or one set of hours that satisfies every row (domain/law).
  add column legal_preset text not null default 'by_state' check (legal_preset in ('by_state', 'strict')),
  -- [{start, end, days}] that the workspace keeps to on top of the law; null: the law alone.
  add column own_hours jsonb,
  -- Whoever may be in several places, or in one nobody knows: the hours that suit all of them, or nobody is contacted.
  add column unknown_place text not null default 'intersect' check (unknown_place in ('intersect', 'skip')),
  add column toll_free text not null default 'skip' check (toll_free in ('skip', 'contiguous')),
  -- Attempts to one number over all campaigns within so many hours; null: only what the law says.
  add column frequency_limit smallint default 3 check (frequency_limit between 1 and 100),
  add column frequency_hours smallint not null default 24 check (frequency_hours between 1 and 720),
  add column requires_call_consent boolean not null default false,
  add column requires_text_consent boolean not null default false,
  add column requires_attestation boolean not null default false,
  add column requires_approval boolean not null default false,
  -- How old the national do-not-call list may be when somebody is contacted; null: nobody watches over it.
  add column national_list_days smallint check (national_list_days between 1 and 365),
  add column national_list_at timestamptz(3);

-- Hours looser than a row of the law, which an admin answers for. Never changed, only revoked.
create table law_overrides (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces,
  -- The row of domain/law that it takes the place of, such as US-FL.
  rule_key text not null,
  -- [{start, end, days}]
  hours jsonb not null,
  reason text not null,
  actor text not null,
  created_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  revoked_by text
);
create unique index law_overrides_in_force on law_overrides (workspace_id, rule_key) where revoked_at is null;

alter table campaigns
  add column schedule_type text not null default 'immediate' check (schedule_type in ('immediate', 'scheduled', 'recurring')),
  -- As it was asked for; of a recurring one the earliest first run.
  add column scheduled_at timestamptz(3),
  add column schedule_zone text,
  -- {frequency, interval, daysOfWeek, dayOfMonth, time, timeZone, endDate} as domain/schedule reads it.
  add column recurring_config jsonb,
  -- When it falls due next; null when nothing follows. A recurring one keeps it while it runs.
  add column next_run_at timestamptz(3),
  -- Nobody is contacted before this: the time to take a start back.
  add column undo_until timestamptz(3),
  -- Windows beside allowed_hours: [{start, end, days}].
  add column additional_hours jsonb not null default '[]',
  -- Places whose public holidays it keeps: US, US-FL, GB.
  add column holiday_places text[] not null default '{}',
  -- Local dates on which nobody is contacted: 2026-12-24.
  add column pause_dates text[] not null default '{}',
  -- What happens when a day's hours end with contacts still waiting.
  add column end_of_day text not null default 'continue' check (end_of_day in ('continue', 'stop')),
  -- Texts that could not be sent so many hours after the start are not sent any more.
  add column text_expiry_hours smallint check (text_expiry_hours between 1 and 720),
  -- Whoever another campaign contacted within so many days is left out.
  add column exclude_contacted_days smallint check (exclude_contacted_days between 1 and 365),
  add column budget_limit_micros bigint check (budget_limit_micros > 0),
  -- What the run was expected to cost when it started, and the contacts that this was for.
  add column estimate_low_micros bigint,
  add column estimate_high_micros bigint,
  add column estimate_contacts integer,
  -- The first so many contacts are reached, then it holds and asks; canary_left counts down within a run.
  add column canary_size integer check (canary_size between 1 and 10000),
  add column canary_left integer,
  add column breaker_attempts smallint not null default 20 check (breaker_attempts between 5 and 200),
  add column breaker_percent smallint not null default 50 check (breaker_percent between 10 and 100),
  -- The approval that stands; any edit takes it away.
  add column approval_id integer,
  add column attested_by text,
  add column attested_at timestamptz(3);
create index campaigns_due on campaigns (next_run_at) where status = 'scheduled' and next_run_at is not null;

-- What a run has reserved and spent: reserved before an attempt, settled on what the provider charged. Kept by the code
-- that changes attempts, in the same transaction and after the counts.
create table campaign_spend (
  campaign_id integer not null references campaigns on delete cascade,
  run_number integer not null,
  -- Of attempts whose price is not known yet.
  reserved_micros bigint not null default 0,
  -- What the provider charged.
  settled_micros bigint not null default 0,
  settled_attempts integer not null default 0,
  -- What the settled attempts had reserved, for the drift between estimate and price.
  settled_reserve_micros bigint not null default 0,
  primary key (campaign_id, run_number)
);

alter table attempts
  -- What stands reserved for it: its highest likely cost until it is settled; then what no provider sends a price for.
  add column reserved_micros bigint not null default 0,
  -- Which consent it rested on, where the workspace demands one.
  add column consent_id bigint;

-- Runs that are under way have spent something already.
insert into campaign_spend (campaign_id, run_number, settled_micros, settled_attempts, settled_reserve_micros)
  select campaign_id, run_number, sum(price_micros), count(*), sum(price_micros)
  from attempts where price_micros is not null and price_currency = 'USD' group by campaign_id, run_number;

alter table contacts
  -- Where the contact says they are: null when nothing was said, empty when it could not be read.
  add column own_zones text[],
  -- Country and state that they were imported with: US-FL, CA-ON, GB.
  add column own_region text;

-- Consent of a person to be contacted on a channel: who noted it, when and how it was given, its wording, where it came from.
create table consents (
  id bigint generated always as identity primary key,
  workspace_id integer not null references workspaces,
  phone_number text not null,
  channel text not null check (channel in ('all', 'voice', 'sms')),
  given_at timestamptz(3) not null,
  -- How it was given: web form, paper, phone, …
  method text not null,
  wording text,
  -- Column of the file it was read from, or null.
  source_column text,
  import_id integer,
  actor text not null,
  created_at timestamptz(3) not null,
  withdrawn_at timestamptz(3),
  withdrawn_by text
);
create unique index consents_in_force on consents (workspace_id, phone_number, channel) where withdrawn_at is null;

-- A do-not-call entry may count for one campaign only.
alter table suppressions add column only_campaign_id integer references campaigns on delete cascade;
drop index suppressions_in_force;
create unique index suppressions_in_force on suppressions (workspace_id, phone_number, channel)
  where lifted_at is null and only_campaign_id is null;
create unique index suppressions_in_campaign on suppressions (only_campaign_id, phone_number, channel)
  where lifted_at is null and only_campaign_id is not null;
create index suppressions_by_number on suppressions (workspace_id, phone_number) where lifted_at is null;
create index suppressions_listed on suppressions (workspace_id, id) where lifted_at is null;

-- Whole ranges of numbers: everything that begins with a prefix, such as +1900.
create table suppression_prefixes (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces,
  prefix text not null,
  channel text not null check (channel in ('all', 'voice', 'sms')),
  only_campaign_id integer references campaigns on delete cascade,
  reason text not null,
  source text not null check (source in ('manual', 'import', 'api')),
  actor text not null,
  created_at timestamptz(3) not null,
  lifted_at timestamptz(3),
  lifted_by text
);
create unique index suppression_prefixes_in_force
  on suppression_prefixes (workspace_id, prefix, channel, coalesce(only_campaign_id, 0)) where lifted_at is null;

-- Files loaded into the do-not-call list.
create table suppression_imports (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces,
  kind text not null check (kind in ('own', 'national')),
  only_campaign_id integer references campaigns on delete cascade,
  file_id text not null,
  file_name text not null,
  request_key text unique,
  status text not null check (status in ('pending', 'processing', 'completed', 'failed')),
  row_count integer not null default 0,
  added_count integer not null default 0,
  known_count integer not null default 0,
  invalid_count integer not null default 0,
  problem text,
  lease_until timestamptz(3),
  channel_id text,
  requested_by text not null,
  created_at timestamptz(3) not null,
  completed_at timestamptz(3)
);

-- Who agreed to what: bound to a hash of content, audience and settings, with what was seen then.
create table approvals (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaigns on delete cascade,
  hash text not null,
  -- What it covers, field by field, so that the next one can show what changed.
  content jsonb not null,
  requested_by text not null,
  requested_at timestamptz(3) not null,
  decision text check (decision in ('approved', 'rejected')),
  decided_by text,
  decided_at timestamptz(3),
  reason text,
  -- An edit came after it.
  voided_at timestamptz(3),
  voided_by text
);
create index approvals_by_campaign on approvals (campaign_id, id desc);
create unique index approvals_open on approvals (campaign_id) where decided_at is null and voided_at is null;
alter table campaigns add foreign key (approval_id) references approvals on delete set null;

-- Roles by person or by user group; whoever has none has the workspace's default.
create table role_grants (
  workspace_id integer not null references workspaces,
  subject_kind text not null check (subject_kind in ('user', 'group')),
  subject_id text not null,
  role text not null check (role in ('viewer', 'editor', 'launcher', 'admin')),
  granted_by text not null,
  granted_at timestamptz(3) not null,
  primary key (workspace_id, subject_kind, subject_id)
);

-- What a workspace pays, where it is not the built-in table's.
create table rates (
  workspace_id integer not null references workspaces,
  channel text not null check (channel in ('call', 'sms')),
  country text not null,
  low_micros bigint not null check (low_micros >= 0),
  high_micros bigint not null,
  source text not null,
  changed_by text not null,
  changed_at timestamptz(3) not null,
  primary key (workspace_id, channel, country),
  check (high_micros >= low_micros)
);

-- The audit log is read by workspace, newest first.
create index campaign_events_by_workspace on campaign_events (workspace_id, id desc);
