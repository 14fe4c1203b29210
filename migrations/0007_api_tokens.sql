-- Who may use the API: the secret itself is shown once and never stored.
create table api_tokens (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces,
  name text not null,
  -- SHA-256 of the secret, in hexadecimal: it is 256 random bits, so no slower hash is needed.
  token_hash text not null unique,
  -- The last characters of the secret, by which people tell their tokens apart.
  hint text not null,
  scopes text[] not null check (scopes <@ array['read', 'write', 'launch'] and cardinality(scopes) > 0),
  requests_per_second integer not null default 60 check (requests_per_second between 1 and 100000),
  -- What processes have taken of that during the last two seconds, and the instants (in real time) until which each
  -- may have spent it: [{"id", "requests", "until"}]. One row decides, that of the first token of a family: so neither
  -- processes nor tokens made by tokens exceed its limit, however many there are.
  recent_requests jsonb not null default '[]',
  -- The token that made this one; whoever revokes that one revokes this one too.
  parent_id integer references api_tokens,
  -- The first of those that made it, which nobody's token made; null for such a one itself.
  root_id integer references api_tokens,
  created_by text not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3),
  revoked_by text
);
create index api_tokens_by_workspace on api_tokens (workspace_id, id desc);

-- A request that carries an Idempotency-Key: done once, and its answer given again for 24 hours.
create table api_requests (
  token_id integer not null references api_tokens,
  idempotency_key text not null,
  -- Method, address and body as a hash: the same key for something else is refused.
  fingerprint text not null,
  -- Whoever holds it does the work; when it is over without an answer, the next one may.
  lease_until timestamptz(3),
  status smallint,
  body text,
  created_at timestamptz(3) not null,
  primary key (token_id, idempotency_key)
);
create index api_requests_by_age on api_requests (created_at);
