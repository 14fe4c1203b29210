-- Figures that cost the same to read however many contacts and calls there are, kept by statement triggers: exact whatever
-- code changes the rows that they count.

-- What the calls of a run came to. `answered_seconds` are those of calls that a person answered.
create table campaign_figures (
  campaign_id integer not null references campaigns on delete cascade,
  run_number integer not null,
  calls_placed integer not null default 0,
  calls_answered integer not null default 0,
  answered_seconds bigint not null default 0,
  voicemails integer not null default 0,
  primary key (campaign_id, run_number)
);

-- Whom the present run of a campaign reached and failed to reach, by the hour of their last attempt: contacts in a final
-- status, so that a contact who waits again is taken out again.
create table campaign_hours (
  campaign_id integer not null references campaigns on delete cascade,
  hour timestamptz(3) not null,
  completed integer not null default 0,
  failed integer not null default 0,
  primary key (campaign_id, hour)
);

-- A call that was taken back before anybody's phone rang was not placed.
create function is_placed_call(channel text, provider_ref text, outcome text) returns boolean language sql immutable as $$
  select channel = 'call' and provider_ref is not null
    and coalesce(outcome, '') not in ('canceled', 'withdrawn', 'not_placed', 'throttled', 'rejected')
$$;

-- The rows of runs, in the order of their keys, made where they do not stand yet. Whoever holds them sees what everybody
-- before has committed, so what an attempt and its call say together is never counted from an old half.
create function lock_campaign_figures(keys jsonb) returns void language plpgsql as $$
begin
  insert into campaign_figures (campaign_id, run_number)
    select distinct campaign_id, run_number
    from jsonb_to_recordset(keys) as given(campaign_id integer, run_number integer)
    order by campaign_id, run_number
    on conflict do nothing;
  perform from campaign_figures f
    where (f.campaign_id, f.run_number) in (
      select campaign_id, run_number from jsonb_to_recordset(keys) as given(campaign_id integer, run_number integer))
    order by f.campaign_id, f.run_number for no key update;
end $$;

create function figure_attempts() returns trigger language plpgsql as $$
declare
  changes jsonb;
begin
  if tg_op = 'INSERT' then
    select jsonb_agg(g) into changes from (
      select id, campaign_id, run_number, outcome, 1 as change from after_rows
      where is_placed_call(channel, provider_ref, outcome)) g;
  else
    select jsonb_agg(g) into changes from (
      select id, campaign_id, run_number, outcome, sum(change) as change from (
        select id, campaign_id, run_number, outcome, 1 as change from after_rows
        where is_placed_call(channel, provider_ref, outcome)
        union all
        select id, campaign_id, run_number, outcome, -1 from before_rows
        where is_placed_call(channel, provider_ref, outcome)
      ) both_sides group by id, campaign_id, run_number, outcome having sum(change) <> 0) g;
  end if;
  if changes is null then
    return null;
  end if;
  perform lock_campaign_figures(changes);
  update campaign_figures f set
    calls_placed = f.calls_placed + d.placed, calls_answered = f.calls_answered + d.answered,
    answered_seconds = f.answered_seconds + d.seconds, voicemails = f.voicemails + d.voicemails
  from (
    select g.campaign_id, g.run_number, sum(g.change) as placed,
      coalesce(sum(g.change) filter (where g.outcome = 'answered'), 0) as answered,
      coalesce(sum(g.change * c.duration_seconds), 0) as seconds,
      coalesce(sum(g.change) filter (where g.outcome = 'voicemail'), 0) as voicemails
    from jsonb_to_recordset(changes) as g(id bigint, campaign_id integer, run_number integer, outcome text, change integer)
    left join calls c on c.attempt_id = g.id and g.outcome = 'answered'
    group by g.campaign_id, g.run_number
  ) d where d.campaign_id = f.campaign_id and d.run_number = f.run_number;
  return null;
end $$;
create trigger attempts_figured_in after insert on attempts
  referencing new table as after_rows for each statement execute function figure_attempts();
create trigger attempts_figured_over after update on attempts
  referencing old table as before_rows new table as after_rows for each statement execute function figure_attempts();

-- Attempts go with their calls, and then nobody can say any more what those came to: the runs are counted anew. With their
-- campaign its figures go too, and while a deleted one is taken away contact by contact nobody asks for them.
create function refigure_attempts() returns trigger language plpgsql as $$
declare
  keys jsonb;
begin
  select jsonb_agg(g) into keys from (
    select distinct b.campaign_id, b.run_number from before_rows b join campaigns c on c.id = b.campaign_id
    where is_placed_call(b.channel, b.provider_ref, b.outcome) and c.hold ->> 'code' is distinct from 'deleted') g;
  if keys is null then
    return null;
  end if;
  perform lock_campaign_figures(keys);
  update campaign_figures f set
    calls_placed = d.placed, calls_answered = d.answered, answered_seconds = d.seconds, voicemails = d.voicemails
  from (
    select g.campaign_id, g.run_number, count(a.id) as placed,
      count(a.id) filter (where a.outcome = 'answered') as answered,
      coalesce(sum(c.duration_seconds), 0) as seconds,
      count(a.id) filter (where a.outcome = 'voicemail') as voicemails
    from jsonb_to_recordset(keys) as g(campaign_id integer, run_number integer)
    left join attempts a on a.campaign_id = g.campaign_id and a.run_number = g.run_number
      and is_placed_call(a.channel, a.provider_ref, a.outcome)
    left join calls c on c.attempt_id = a.id and a.outcome = 'answered'
    group by g.campaign_id, g.run_number
  ) d where d.campaign_id = f.campaign_id and d.run_number = f.run_number;
  return null;
end $$;
create trigger attempts_figured_out after delete on attempts
  referencing old table as before_rows for each statement execute function refigure_attempts();

create function figure_calls() returns trigger language plpgsql as $$
declare
  changes jsonb;
begin
  if tg_op = 'INSERT' then
    select jsonb_agg(g) into changes from (
      select attempt_id, duration_seconds as change from after_rows
      where attempt_id is not null and duration_seconds <> 0) g;
  elsif tg_op = 'DELETE' then
    select jsonb_agg(g) into changes from (
      select attempt_id, -duration_seconds as change from before_rows
      where attempt_id is not null and duration_seconds <> 0) g;
  else
    select jsonb_agg(g) into changes from (
      select attempt_id, sum(change) as change from (
        select attempt_id, duration_seconds as change from after_rows where duration_seconds <> 0
        union all select attempt_id, -duration_seconds from before_rows where duration_seconds <> 0
      ) both_sides where attempt_id is not null group by attempt_id having sum(change) <> 0) g;
  end if;
  -- Which run a call belongs to never changes; whether a person answered it does, and is looked at under the lock.
  select jsonb_agg(g) into changes from (
    select a.id, a.campaign_id, a.run_number, d.change
    from jsonb_to_recordset(changes) as d(attempt_id bigint, change integer)
    join attempts a on a.id = d.attempt_id where a.channel = 'call') g;
  if changes is null then
    return null;
  end if;
  perform lock_campaign_figures(changes);
  update campaign_figures f set answered_seconds = f.answered_seconds + d.seconds
  from (
    select a.campaign_id, a.run_number, sum(g.change) as seconds
    from jsonb_to_recordset(changes) as g(id bigint, change integer)
    join attempts a on a.id = g.id
    where a.outcome = 'answered' and is_placed_call(a.channel, a.provider_ref, a.outcome)
    group by a.campaign_id, a.run_number
  ) d where d.campaign_id = f.campaign_id and d.run_number = f.run_number;
  return null;
end $$;
create trigger calls_figured_in after insert on calls
  referencing new table as after_rows for each statement execute function figure_calls();
create trigger calls_figured_over after update on calls
  referencing old table as before_rows new table as after_rows for each statement execute function figure_calls();
create trigger calls_figured_out after delete on calls
  referencing old table as before_rows for each statement execute function figure_calls();

-- The hour that a contact counts in; null while they are not done with.
create function final_hour(status text, last_attempt_at timestamptz, created_at timestamptz)
  returns timestamptz language sql stable as $$
  select case when status in ('completed', 'failed', 'no_answer', 'busy', 'voicemail')
    then date_trunc('hour', coalesce(last_attempt_at, created_at), 'UTC') end
$$;

-- Always after the counts of the same changes: whoever holds those has the hours of the campaign to themselves.
create function change_campaign_hours(changes jsonb) returns void language sql as $$
  insert into campaign_hours as h (campaign_id, hour, completed, failed)
  select d.campaign_id, d.hour, d.completed, d.failed from (
    select campaign_id, hour,
      coalesce(sum(change) filter (where status = 'completed'), 0) as completed,
      coalesce(sum(change) filter (where status <> 'completed'), 0) as failed
    from jsonb_to_recordset(changes) as given(campaign_id integer, status text, hour timestamptz, change integer)
    where hour is not null group by campaign_id, hour
  ) d join campaigns c on c.id = d.campaign_id
  where d.completed <> 0 or d.failed <> 0
  order by d.campaign_id, d.hour
  on conflict (campaign_id, hour) do update set
    completed = h.completed + excluded.completed, failed = h.failed + excluded.failed
$$;

create or replace function count_contacts() returns trigger language plpgsql as $$
declare
  changes jsonb;
begin
  if tg_op = 'INSERT' then
    select jsonb_agg(g) into changes from (
      select campaign_id, status, final_hour(status, last_attempt_at, created_at) as hour, count(*) as change
      from after_rows group by 1, 2, 3) g;
  elsif tg_op = 'DELETE' then
    select jsonb_agg(g) into changes from (
      select campaign_id, status, final_hour(status, last_attempt_at, created_at) as hour, -count(*) as change
      from before_rows group by 1, 2, 3) g;
  else
    select jsonb_agg(g) into changes from (
      select campaign_id, status, hour, sum(change) as change from (
        select campaign_id, status, final_hour(status, last_attempt_at, created_at) as hour, 1 as change from after_rows
        union all
        select campaign_id, status, final_hour(status, last_attempt_at, created_at), -1 from before_rows
      ) both_sides group by campaign_id, status, hour having sum(change) <> 0) g;
  end if;
  if changes is null then
    return null;
  end if;
  perform change_campaign_counts(changes);
  if jsonb_path_exists(changes, '$[*].hour ? (@ != null)') then
    perform change_campaign_hours(changes);
  end if;
  return null;
end $$;

insert into campaign_figures (campaign_id, run_number, calls_placed, calls_answered, answered_seconds, voicemails)
  select a.campaign_id, a.run_number, count(*), count(*) filter (where a.outcome = 'answered'),
    coalesce(sum(c.duration_seconds), 0), count(*) filter (where a.outcome = 'voicemail')
  from attempts a left join calls c on c.attempt_id = a.id and a.outcome = 'answered'
  where is_placed_call(a.channel, a.provider_ref, a.outcome)
  group by a.campaign_id, a.run_number;

insert into campaign_hours (campaign_id, hour, completed, failed)
  select campaign_id, hour, count(*) filter (where status = 'completed'), count(*) filter (where status <> 'completed')
  from (select campaign_id, status, final_hour(status, last_attempt_at, created_at) as hour from contacts) c
  where hour is not null group by campaign_id, hour;
