-- Events and interactions that cause work, stored once before Slack is answered.
create table slack_deliveries (
  id bigint generated always as identity primary key,
  delivery_key text not null unique,
  kind text not null,
  payload jsonb not null,
  received_at timestamptz(3) not null,
  lease_until timestamptz(3),
  tries smallint not null default 0,
  handled_at timestamptz(3),
  problem text
);
create index slack_deliveries_open on slack_deliveries (id) where handled_at is null;
create index slack_deliveries_by_age on slack_deliveries (received_at);

-- One live card per campaign, edited in place.
create table cards (
  campaign_id integer primary key references campaigns on delete cascade,
  channel_id text not null,
  ts text,
  state text not null check (state in ('pending', 'posted', 'lost', 'ended')),
  content_hash text,
  drawn_at timestamptz(3),
  -- A deleted card is posted again once; whoever deletes it twice does not want it.
  reposts smallint not null default 0
);

-- Messages to post: the intention is stored before Slack is asked and the ts after, because a post that got no answer
-- may have been made and Slack has no key to ask twice with.
create table posts (
  id bigint generated always as identity primary key,
  workspace_id integer not null references workspaces,
  campaign_id integer references campaigns on delete cascade,
  post_key text not null unique,
  channel_id text not null,
  thread_ts text,
  in_thread boolean not null,
  content jsonb not null,
  state text not null default 'pending' check (state in ('pending', 'sending', 'posted', 'unknown', 'abandoned')),
  ts text,
  tries smallint not null default 0,
  problem text,
  lease_until timestamptz(3),
  created_at timestamptz(3) not null,
  tried_at timestamptz(3),
  posted_at timestamptz(3)
);
create index posts_given_up on posts (id) where state in ('unknown', 'abandoned');
create index posts_open on posts (id) where state in ('pending', 'sending');

-- What a person has typed so far in a form of several steps.
create table form_drafts (
  id text primary key,
  workspace_id integer not null references workspaces,
  user_id text not null,
  kind text not null,
  data jsonb not null,
  version integer not null default 1,
  updated_at timestamptz(3) not null
);

-- Who did what to a campaign, in order.
create table campaign_events (
  id bigint generated always as identity primary key,
  workspace_id integer not null references workspaces,
  campaign_id integer references campaigns on delete cascade,
  actor text not null,
  kind text not null,
  details jsonb not null default '{}',
  created_at timestamptz(3) not null
);
create index campaign_events_by_campaign on campaign_events (campaign_id, id);
