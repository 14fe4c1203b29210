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

-- Pages of contacts, in the order of their import: found without a look at any other contact. Index alone answers for
-- what lies before a page only where the table was vacuumed lately, so that is done more often than by default.
create index contacts_in_order on contacts (campaign_id, id);
create index contacts_by_status on contacts (campaign_id, status, id);
alter table contacts set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);
