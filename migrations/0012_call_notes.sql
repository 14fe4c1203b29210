-- What clients keep with a call: free JSON, merged into what is there.
alter table calls add column call_meta jsonb not null default '{}';

-- Lists of calls, the newest first, of a workspace or a campaign: a call is one from the moment the provider has it. They hold
-- what lists choose by, so that pages and totals are read from them alone, and nothing of a script is walked over.
create index calls_listed on calls (workspace_id, id)
  include (campaign_id, created_at, answered_at, ended_at) where provider_ref is not null;
create index calls_listed_of_campaign on calls (campaign_id, id)
  include (workspace_id, created_at, answered_at, ended_at) where provider_ref is not null;

-- What an assistant says where its campaign has no welcome or no closing of its own: templates, as those of campaigns.
alter table assistants
  add column welcome_message text check (welcome_message <> ''),
  add column end_call_message text check (end_call_message <> '');
