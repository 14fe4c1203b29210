-- Which process has somebody watching what: `campaign:<id>`, `workspace:<id>` (all its campaigns) or `call:<id>`. Commits
-- that notify run one by one, so only what is in here is told of.
create table feed_watches (
  topic text not null,
  process_id text not null,
  -- How many sockets watch it there.
  sockets integer not null check (sockets > 0),
  -- A process that died stops renewing; whoever comes by removes what is over.
  lease_until timestamptz(3) not null,
  primary key (topic, process_id)
);

create function tell_watchers_of_campaign(campaign_id integer, workspace_id integer) returns void language sql as $$
  select pg_notify('ringmaster_feed', 'campaign:' || campaign_id || ':' || workspace_id)
  where exists (
    select from feed_watches w where w.topic in ('campaign:' || campaign_id, 'workspace:' || workspace_id))
$$;

create function feed_counts() returns trigger language plpgsql as $$
begin
  if exists (select from feed_watches) then
    perform tell_watchers_of_campaign(c.id, c.workspace_id)
    from campaigns c where c.id in (select campaign_id from after_rows);
  end if;
  return null;
end $$;
create trigger campaign_counts_fed_in after insert on campaign_counts
  referencing new table as after_rows for each statement execute function feed_counts();
create trigger campaign_counts_fed_over after update on campaign_counts
  referencing new table as after_rows for each statement execute function feed_counts();

-- A campaign's row also carries the cursor of its claims, which nobody watches.
create function feed_campaigns() returns trigger language plpgsql as $$
begin
  if exists (select from feed_watches) then
    if tg_op = 'DELETE' then
      perform tell_watchers_of_campaign(b.id, b.workspace_id) from before_rows b;
    else
      perform tell_watchers_of_campaign(a.id, a.workspace_id) from after_rows a join before_rows b on b.id = a.id
      where (a.status, a.hold, a.run_number, a.started_at, a.completed_at)
        is distinct from (b.status, b.hold, b.run_number, b.started_at, b.completed_at);
    end if;
  end if;
  return null;
end $$;
create trigger campaigns_fed_over after update on campaigns
  referencing old table as before_rows new table as after_rows for each statement execute function feed_campaigns();
create trigger campaigns_fed_out after delete on campaigns
  referencing old table as before_rows for each statement execute function feed_campaigns();

create function feed_calls() returns trigger language plpgsql as $$
begin
  if exists (select from feed_watches w where w.topic like 'call:%') then
    if tg_table_name = 'call_turns' then
      perform pg_notify('ringmaster_feed', w.topic) from feed_watches w
      where w.topic in (select 'call:' || t.call_id from after_rows t);
    else
      perform pg_notify('ringmaster_feed', w.topic) from feed_watches w
      where w.topic in (select 'call:' || c.id from after_rows c);
    end if;
  end if;
  return null;
end $$;
create trigger call_turns_fed_in after insert on call_turns
  referencing new table as after_rows for each statement execute function feed_calls();
create trigger call_turns_fed_over after update on call_turns
  referencing new table as after_rows for each statement execute function feed_calls();
create trigger calls_fed_over after update on calls
  referencing new table as after_rows for each statement execute function feed_calls();
