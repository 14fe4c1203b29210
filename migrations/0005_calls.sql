-- Who speaks on calls.
create table assistants (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces,
  name text not null,
  description text,
  is_active boolean not null default true,
  -- One of domain/voices.ts.
  voice text not null,
  language text not null,
  prompt text,
  -- Null: the model of the deployment.
  model text,
  -- Follows the script and asks no model, whatever the deployment has.
  is_scripted boolean not null default false,
  -- Numbers it calls from, the first one by default; calls to these are answered by it.
  phone_numbers text[] not null default '{}',
  -- [{key, label, phoneNumber, slackUserId}]
  transfer_targets jsonb not null default '[]',
  is_recording boolean not null default false,
  recording_days smallint not null default 30 check (recording_days between 1 and 365),
  max_call_seconds smallint not null default 600 check (max_call_seconds between 60 and 3600),
  version integer not null default 1,
  -- The same submission sent twice makes one assistant.
  creation_key text unique,
  created_by text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create unique index assistants_by_name on assistants (workspace_id, lower(name)) where is_active;

alter table campaigns
  add column assistant_id integer references assistants,
  add column enable_voicemail_detection boolean not null default true,
  -- While the call already runs, or before anything is said (telephony.md §2).
  add column detection_mode text not null default 'async' check (detection_mode in ('async', 'sync')),
  add column leave_voicemail boolean not null default false,
  add column voicemail_message text,
  add column retry_policy jsonb not null default '{}',
  -- {first, followUp, delayMinutes} of a mixed campaign.
  add column mixed_settings jsonb;
create index campaigns_by_assistant on campaigns (assistant_id) where assistant_id is not null;

alter table contacts
  -- Where a mixed campaign goes on with this contact; null: where it begins.
  add column next_channel text check (next_channel in ('sms', 'call')),
  -- Attempts that count against max_attempts on that channel; `attempts` counts those of all channels.
  add column channel_attempts smallint not null default 0,
  -- How the first channel of a mixed campaign ended for them.
  add column first_status text,
  -- Calls back that they asked for.
  add column callbacks smallint not null default 0;

-- What is known of one call beside its attempt. Calls that people make to us have no attempt.
create table calls (
  id bigint generated always as identity primary key,
  token text not null unique,
  attempt_id bigint unique references attempts on delete cascade,
  workspace_id integer not null references workspaces,
  campaign_id integer references campaigns on delete cascade,
  contact_id bigint references contacts on delete cascade,
  assistant_id integer references assistants,
  direction text not null check (direction in ('outbound', 'inbound')),
  provider text not null,
  -- The provider's id of the one call that belongs to it: the first that asked for instructions or reported.
  provider_ref text,
  contact_number text not null,
  our_number text not null,
  -- What is said: every text rendered for this contact when the call was claimed.
  script jsonb not null,
  answered_by text check (answered_by in ('human', 'machine', 'machine_ready', 'fax', 'unknown')),
  answered_by_at timestamptz(3),
  -- What a machine's verdict asks for has been asked of the provider: once, whatever came of it.
  verdict_acted_at timestamptz(3),
  -- The first words of a person: a machine's verdict that comes later changes nothing.
  spoke_at timestamptz(3),
  voicemail_left_at timestamptz(3),
  -- The next session of the conversation may begin once with this, until then.
  session_nonce text,
  session_nonce_until timestamptz(3),
  session_ref text,
  sessions smallint not null default 0,
  answered_at timestamptz(3),
  ended_at timestamptz(3),
  duration_seconds integer,
  sip_code smallint,
  -- What came of the conversation, as domain/conversation says it.
  result text,
  summary text,
  answers jsonb not null default '{}',
  callback_at timestamptz(3),
  transfer_key text,
  -- Its end is worked up (summary, thread) once.
  finished_at timestamptz(3),
  -- The message in the thread that shows the running conversation.
  listen_post_id bigint references posts on delete set null,
  created_at timestamptz(3) not null
);
create unique index calls_by_provider_ref on calls (provider, provider_ref) where provider_ref is not null;
create index calls_by_campaign on calls (campaign_id, id desc);
create index calls_by_contact on calls (contact_id, id desc);
create index calls_by_number on calls (workspace_id, contact_number, id desc);
create index calls_unfinished on calls (id) where ended_at is not null and finished_at is null;
create index calls_with_open_verdict on calls (id)
  where answered_by in ('machine', 'machine_ready', 'fax') and verdict_acted_at is null and ended_at is null;
-- A call that somebody makes to us has no attempt that would be looked up.
create index calls_open_inbound on calls (created_at) where direction = 'inbound' and ended_at is null;

create index attempts_open_calls on attempts (workspace_id, campaign_id) where channel = 'call' and state <> 'ended';

-- The conversation, turn by turn, as it was heard.
create table call_turns (
  call_id bigint not null references calls on delete cascade,
  seq integer not null,
  role text not null check (role in ('assistant', 'contact', 'tool', 'note')),
  text text not null,
  -- What the person heard of it before they cut in; null while it is spoken, and where all of it was heard.
  heard_text text,
  is_interrupted boolean not null default false,
  tool text,
  created_at timestamptz(3) not null,
  primary key (call_id, seq)
);

-- What the assistant did, once for each time it was asked to.
create table call_actions (
  call_id bigint not null references calls on delete cascade,
  action_key text not null,
  tool text not null,
  arguments jsonb not null,
  result jsonb not null,
  created_at timestamptz(3) not null,
  primary key (call_id, action_key)
);

create table recordings (
  id bigint generated always as identity primary key,
  call_id bigint not null references calls on delete cascade,
  provider text not null,
  provider_ref text not null,
  status text not null check (status in ('in_progress', 'completed', 'absent', 'deleted')),
  duration_seconds integer,
  channels smallint,
  delete_after timestamptz(3) not null,
  created_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  unique (provider, provider_ref)
);
create index recordings_by_call on recordings (call_id);
create index recordings_to_delete on recordings (delete_after) where deleted_at is null;
