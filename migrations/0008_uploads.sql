-- Files that come over the API, in pieces, until the import that they are for has ended.
create table uploads (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces,
  file_name text not null,
  bytes integer not null default 0,
  created_at timestamptz(3) not null,
  -- Null while it still comes: half a file is never loaded.
  received_at timestamptz(3)
);
create index uploads_by_age on uploads (created_at);

create table upload_pieces (
  upload_id integer not null references uploads on delete cascade,
  seq integer not null,
  bytes bytea not null,
  primary key (upload_id, seq)
);
-- They are read once and gone: packing them would cost more than it saves.
alter table upload_pieces alter column bytes set storage external;
-- An import looks for its file's other readers when it ends, and a file for its reader when it is old.
create index imports_by_file on imports (file_id) where status in ('pending', 'processing');
-- How often a process died while it loaded this file: the next one takes it up again, but not for ever.
alter table imports add column interruptions smallint not null default 0;
-- Of a file that came with an Idempotency-Key, as a hash: what it holds is known only once it is there.
alter table api_requests add column content_digest text;

-- Pages of contacts, in the order of their import. How many of each status stand in a block of 2,048 ids says in which block
-- a page begins, however deep it lies; from there on an index has the page itself. Nothing that lies before it is walked over.
create index contacts_in_order on contacts (campaign_id, id);
create index contacts_by_status on contacts (campaign_id, status, id);

create table contact_blocks (
  campaign_id integer not null references campaigns on delete cascade,
  -- id >> 11 of its contacts.
  block bigint not null,
  pending integer not null default 0,
  in_progress integer not null default 0,
  completed integer not null default 0,
  failed integer not null default 0,
  no_answer integer not null default 0,
  busy integer not null default 0,
  voicemail integer not null default 0,
  skipped integer not null default 0,
  primary key (campaign_id, block)
) with (fillfactor = 50);

-- Whoever changes contacts has their campaign's counts by now, or takes them here: two who change the same blocks never hold
-- one each and wait for the other's.
create function change_contact_blocks(changes jsonb) returns void language plpgsql as $$
begin
  perform from campaign_counts c
    where c.campaign_id in (select campaign_id from jsonb_to_recordset(changes) as given(campaign_id integer))
    order by c.campaign_id for no key update;
  update contact_blocks b set
    pending = b.pending + coalesce(d.pending, 0),
    in_progress = b.in_progress + coalesce(d.in_progress, 0),
    completed = b.completed + coalesce(d.completed, 0),
    failed = b.failed + coalesce(d.failed, 0),
    no_answer = b.no_answer + coalesce(d.no_answer, 0),
    busy = b.busy + coalesce(d.busy, 0),
    voicemail = b.voicemail + coalesce(d.voicemail, 0),
    skipped = b.skipped + coalesce(d.skipped, 0)
  from (
    select campaign_id, block,
      sum(change) filter (where status = 'pending') as pending,
      sum(change) filter (where status = 'in_progress') as in_progress,
      sum(change) filter (where status = 'completed') as completed,
      sum(change) filter (where status = 'failed') as failed,
      sum(change) filter (where status = 'no_answer') as no_answer,
      sum(change) filter (where status = 'busy') as busy,
      sum(change) filter (where status = 'voicemail') as voicemail,
      sum(change) filter (where status = 'skipped') as skipped
    from jsonb_to_recordset(changes) as given(campaign_id integer, block bigint, status text, change integer)
    group by campaign_id, block
  ) d where d.campaign_id = b.campaign_id and d.block = b.block;
end $$;

create function block_contacts() returns trigger language plpgsql as $$
declare
  changes jsonb;
begin
  if tg_op = 'INSERT' then
    select jsonb_agg(g) into changes from (
      select campaign_id, id >> 11 as block, status, count(*) as change from after_rows group by 1, 2, 3) g;
    insert into contact_blocks (campaign_id, block)
      select distinct campaign_id, block from jsonb_to_recordset(changes) as given(campaign_id integer, block bigint)
      order by campaign_id, block
      on conflict do nothing;
  elsif tg_op = 'DELETE' then
    select jsonb_agg(g) into changes from (
      select campaign_id, id >> 11 as block, status, -count(*) as change from before_rows group by 1, 2, 3) g;
  else
    select jsonb_agg(g) into changes from (
      select campaign_id, id >> 11 as block, status, sum(change) as change from (
        select campaign_id, id, status, 1 as change from after_rows
        union all select campaign_id, id, status, -1 from before_rows
      ) both_sides group by 1, 2, 3 having sum(change) <> 0) g;
  end if;
  if changes is not null then perform change_contact_blocks(changes); end if;
  return null;
end $$;
-- They fire behind those that count, whose names come first.
create trigger contacts_in_blocks_in after insert on contacts
  referencing new table as after_rows for each statement execute function block_contacts();
create trigger contacts_in_blocks_over after update on contacts
  referencing old table as before_rows new table as after_rows for each statement execute function block_contacts();
create trigger contacts_in_blocks_out after delete on contacts
  referencing old table as before_rows for each statement execute function block_contacts();

insert into contact_blocks (campaign_id, block, pending, in_progress, completed, failed, no_answer, busy, voicemail, skipped)
  select campaign_id, id >> 11,
    count(*) filter (where status = 'pending'),
    count(*) filter (where status = 'in_progress'),
    count(*) filter (where status = 'completed'),
    count(*) filter (where status = 'failed'),
    count(*) filter (where status = 'no_answer'),
    count(*) filter (where status = 'busy'),
    count(*) filter (where status = 'voicemail'),
    count(*) filter (where status = 'skipped')
  from contacts group by 1, 2;

-- The same for attempts, newest first: those of runs, without what people wrote by hand or tried on themselves.
create table attempt_blocks (
  campaign_id integer not null references campaigns on delete cascade,
  -- id >> 11 of its attempts.
  block bigint not null,
  attempts integer not null default 0,
  primary key (campaign_id, block)
) with (fillfactor = 50);

create function block_attempts() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into attempt_blocks as b (campaign_id, block, attempts)
      select campaign_id, id >> 11, count(*) from after_rows where purpose = 'campaign' and run_number <> 0
      group by 1, 2 order by 1, 2
      on conflict (campaign_id, block) do update set attempts = b.attempts + excluded.attempts;
  else
    update attempt_blocks b set attempts = b.attempts - d.attempts from (
      select campaign_id, id >> 11 as block, count(*) as attempts from before_rows
      where purpose = 'campaign' and run_number <> 0 group by 1, 2) d
    where d.campaign_id = b.campaign_id and d.block = b.block;
  end if;
  return null;
end $$;
-- Nothing moves an attempt to another campaign, run or purpose.
create trigger attempts_in_blocks_in after insert on attempts
  referencing new table as after_rows for each statement execute function block_attempts();
create trigger attempts_in_blocks_out after delete on attempts
  referencing old table as before_rows for each statement execute function block_attempts();

insert into attempt_blocks (campaign_id, block, attempts)
  select campaign_id, id >> 11, count(*) from attempts where purpose = 'campaign' and run_number <> 0 group by 1, 2;

create index attempts_by_outcome on attempts (campaign_id, outcome, id) where purpose = 'campaign' and run_number <> 0;
