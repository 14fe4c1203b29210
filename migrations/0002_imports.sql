create table imports (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces,
  campaign_id integer not null references campaigns on delete cascade,
  status text not null check (status in ('pending', 'processing', 'completed', 'failed')),
  mode text not null default 'append' check (mode in ('append', 'replace')),
  -- Where the bytes are: a Slack file id.
  file_id text not null,
  file_name text not null,
  -- The mapping a person confirmed, column by column.
  mapping jsonb not null,
  -- The same click or submission sent twice makes one import.
  request_key text unique,
  row_count integer not null default 0,
  imported_count integer not null default 0,
  duplicate_count integer not null default 0,
  existing_count integer not null default 0,
  invalid_count integer not null default 0,
  suppressed_count integer not null default 0,
  -- The first 20 rejected rows: [{line, value, reason}].
  errors jsonb not null default '[]',
  -- Why rows were left out, most frequent first: [{reason, rows}]. The counts say how many, this says why.
  reasons jsonb not null default '[]',
  -- The sentence for the person when the whole file was refused.
  problem text,
  lease_until timestamptz(3),
  channel_id text,
  thread_ts text,
  -- The message that follows its progress, and when its end was told there.
  progress_ts text,
  progress_at timestamptz(3),
  told_at timestamptz(3),
  requested_by text not null,
  created_at timestamptz(3) not null,
  started_at timestamptz(3),
  completed_at timestamptz(3)
);
create index imports_by_campaign on imports (campaign_id, id desc);
create index imports_untold on imports (id) where status in ('completed', 'failed') and told_at is null;
create index imports_open on imports (id) where status in ('pending', 'processing');

-- The rejected rows as CSV, in pieces, so that a million of them never stand in memory.
create table import_rejects (
  import_id integer not null references imports on delete cascade,
  seq integer not null,
  csv text not null,
  primary key (import_id, seq)
);

-- The mapping last confirmed for a header, offered again for the same header.
create table column_mappings (
  workspace_id integer not null references workspaces,
  fingerprint text not null,
  mapping jsonb not null,
  updated_by text not null,
  updated_at timestamptz(3) not null,
  primary key (workspace_id, fingerprint)
);
