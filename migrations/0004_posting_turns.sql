-- When a channel takes the next message without having to wait, counted on behind the messages that it already took:
-- Slack takes about one a second into a channel and a few at once after a pause, of all our processes together.
create table posting_turns (
  channel_id text primary key,
  free_at timestamptz(3) not null
);

-- Messages of one thread are posted in the order they were written in, and so are those of a channel itself.
alter table posts add column thread_key text not null generated always as (
  case when in_thread and campaign_id is not null then 'campaign ' || campaign_id
    else channel_id || ' ' || coalesce(thread_ts, '') end
) stored;
create index posts_waiting on posts (thread_key, id) where state in ('pending', 'sending');
