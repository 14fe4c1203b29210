-- Other systems that are told what happens here.
create table webhooks (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces,
  -- Only what happens in this campaign; null: in the whole workspace.
  campaign_id integer references campaigns on delete cascade,
  url text not null,
  description text,
  -- Of domain/webhook-events.ts.
  events text[] not null check (cardinality(events) > 0),
  -- The secret itself: what is signed with it could not be signed with a hash.
  secret text not null,
  -- The one before it signs as well until then, so that the other end can be changed over.
  previous_secret text,
  previous_secret_until timestamptz(3),
  is_active boolean not null default true,
  -- Why it is off: somebody wished it, its address answered that it is gone for good, or it took nothing for days.
  off_reason text check (off_reason in ('by_hand', 'gone', 'failing')),
  off_at timestamptz(3),
  -- Deliveries in a row that were not taken, since when, and when that will have lasted too long.
  failures integer not null default 0,
  failing_since timestamptz(3),
  gives_up_at timestamptz(3),
  -- Nothing is sent before this: several deliveries in a row were not taken, or its end asked to wait.
  rest_until timestamptz(3),
  -- Whoever sends to it now is alone in that until then.
  lease_until timestamptz(3),
  last_delivered_at timestamptz(3),
  -- The same request sent twice makes one webhook.
  creation_key text unique,
  created_by text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  check (is_active = (off_reason is null))
);
create index webhooks_by_workspace on webhooks (workspace_id, id);
create index webhooks_active on webhooks (workspace_id) where is_active;

-- What they are told, one row for each webhook and event, written by the transaction of its cause. It names nobody: whom
-- it is about is read when it is sent, so that whoever is erased meanwhile is not told of.
create table webhook_deliveries (
  id bigint generated always as identity,
  -- No reference: it would be looked up again for each of a hundred thousand rows.
  webhook_id integer not null,
  campaign_id integer,
  type text not null,
  -- The contact, the text or the do-not-call entry that it is about.
  subject_id bigint,
  data jsonb not null default '{}',
  -- The first row of a statement has the task added that looks after all of them.
  wakes boolean not null default false,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given_up')),
  tries smallint not null default 0,
  -- Null until it was noticed. While it is being sent: when whoever sends it must have died.
  next_try_at timestamptz(3),
  tried_at timestamptz(3),
  delivered_at timestamptz(3),
  -- What came of the last try: what was answered, in how many milliseconds, or why nothing was.
  response_status smallint,
  response_ms integer,
  response_body text,
  problem text,
  -- Null until it was noticed, where the change itself has no instant of its own.
  created_at timestamptz(3),
  primary key (webhook_id, id)
);
create index webhook_deliveries_unnoticed on webhook_deliveries (id) where next_try_at is null and state = 'waiting';
create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_try_at, id)
  where next_try_at is not null and state = 'waiting';

-- Added when the transaction commits and not before: until then it would keep every other one that tells something.
create function wake_webhooks() returns trigger language plpgsql as $$
begin
  perform graphile_worker.add_job('notice_webhook_events', job_key => 'webhook-events',
    job_key_mode => 'preserve_run_at', max_attempts => 12);
  return null;
end $$;
create constraint trigger webhook_deliveries_wake after insert on webhook_deliveries
  deferrable initially deferred for each row when (new.wakes) execute function wake_webhooks();

-- Contacts that came to an end. Costs one look at a tiny table while nobody wants to know. The statement is planned anew
-- each time, because a plan for a few rows would take hours over the hundred thousand that a stop skips.
create function tell_webhooks_of_contacts() returns trigger language plpgsql as $$
begin
  if not exists (select from webhooks where is_active and 'contact_updated' = any (events))
    or not exists (select from after_rows where status not in ('pending', 'in_progress')) then
    return null;
  end if;
  execute $told$
    insert into webhook_deliveries (webhook_id, campaign_id, type, subject_id, data, wakes)
    select w.id, a.campaign_id, 'contact_updated', a.id,
      jsonb_build_object('status', a.status, 'previous_status', b.status, 'skip_reason', a.skip_reason,
        'attempts', a.attempts, 'last_attempt_at', a.last_attempt_at, 'run_number', c.run_number),
      row_number() over (order by a.id, w.id) = 1
    from after_rows a join before_rows b on b.id = a.id
      join campaigns c on c.id = a.campaign_id
      join webhooks w on w.workspace_id = c.workspace_id and w.is_active and 'contact_updated' = any (w.events)
        and coalesce(w.campaign_id, a.campaign_id) = a.campaign_id
    where a.status <> b.status and a.status not in ('pending', 'in_progress')
      -- Nothing happened to whom the next run merely leaves out.
      and a.skip_reason is distinct from 'not_selected'
    order by a.id, w.id
  $told$;
  return null;
end $$;
create trigger contacts_told after update on contacts
  referencing old table as before_rows new table as after_rows
  for each statement execute function tell_webhooks_of_contacts();

-- Campaigns that moved. The end of a run is one of its own: a recurring campaign is never completed between two.
create function tell_webhooks_of_campaigns() returns trigger language plpgsql as $$
begin
  if not exists (
    select from webhooks where is_active and events && array['campaign_status_changed', 'campaign_completed']) then
    return null;
  end if;
  insert into webhook_deliveries (webhook_id, campaign_id, type, data, created_at, wakes)
    select w.id, moved.id, e.type, moved.data, moved.updated_at, row_number() over (order by moved.id, w.id, e.place) = 1
    from (
      select a.id, a.workspace_id, a.updated_at,
        a.status = 'completed' or b.status = 'running' and a.status = 'scheduled'
          and a.completed_at is distinct from b.completed_at as is_over,
        jsonb_build_object('name', a.name, 'status', a.status, 'previous_status', b.status, 'hold', a.hold,
          'run_number', a.run_number, 'completed_at', a.completed_at, 'counts', to_jsonb(n) - 'campaign_id') as data
      from after_rows a join before_rows b on b.id = a.id left join campaign_counts n on n.campaign_id = a.id
      where a.status <> b.status
    ) moved
    cross join lateral (
      values (1, 'campaign_status_changed', true), (2, 'campaign_completed', moved.is_over)
    ) e (place, type, holds)
    join webhooks w on w.workspace_id = moved.workspace_id and w.is_active and e.type = any (w.events)
      and coalesce(w.campaign_id, moved.id) = moved.id
    where e.holds
    order by moved.id, w.id, e.place;
  return null;
end $$;
create trigger campaigns_told after update on campaigns
  referencing old table as before_rows new table as after_rows
  for each statement execute function tell_webhooks_of_campaigns();

create function tell_webhooks_of_texts() returns trigger language plpgsql as $$
begin
  if not exists (select from webhooks where is_active and 'reply_received' = any (events)) then
    return null;
  end if;
  insert into webhook_deliveries (webhook_id, campaign_id, type, subject_id, created_at, wakes)
    select w.id, a.campaign_id, 'reply_received', a.id, a.received_at, row_number() over (order by a.id, w.id) = 1
    from after_rows a
      join webhooks w on w.workspace_id = a.workspace_id and w.is_active and 'reply_received' = any (w.events)
        and (w.campaign_id is null or w.campaign_id = a.campaign_id)
    order by a.id, w.id;
  return null;
end $$;
create trigger inbound_texts_told after insert on inbound_texts
  referencing new table as after_rows for each statement execute function tell_webhooks_of_texts();

-- People who asked to be left alone, on the phone, by text or at their carrier; not those whom somebody put on the list.
create function tell_webhooks_of_opt_outs() returns trigger language plpgsql as $$
begin
  if not exists (select from webhooks where is_active and 'opt_out' = any (events)) then
    return null;
  end if;
  insert into webhook_deliveries (webhook_id, campaign_id, type, subject_id, created_at, wakes)
    select w.id, a.campaign_id, 'opt_out', a.id, a.created_at, row_number() over (order by a.id, w.id) = 1
    from after_rows a
      join webhooks w on w.workspace_id = a.workspace_id and w.is_active and 'opt_out' = any (w.events)
        and (w.campaign_id is null or w.campaign_id = a.campaign_id)
    where a.source in ('opt_out', 'provider')
    order by a.id, w.id;
  return null;
end $$;
create trigger suppressions_told after insert on suppressions
  referencing new table as after_rows for each statement execute function tell_webhooks_of_opt_outs();
