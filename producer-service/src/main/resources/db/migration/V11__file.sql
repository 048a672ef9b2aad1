-- Files of tenants. What is not uploaded but composed when it is read (the output of a batch) has no chunks.
create table file (
    id          uuid        not null primary key,
    tenant      text        not null,
    purpose     text        not null,
    filename    text        not null,
    -- null while what it is composed of still grows
    bytes       bigint,
    is_view     boolean     not null,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz not null,
    -- of the request that brought it, for a day: however often it comes, it is one file
    key         text,
    fingerprint text
);

create index file_by_tenant on file (tenant, id);
create index file_by_expiry on file (expires_at);
create unique index file_by_key on file (tenant, key) where key is not null;

-- All chunks of a file have the same size, except the last.
create table file_chunk (
    file_id uuid  not null references file on delete cascade,
    number  int   not null,
    body    bytea not null,
    primary key (file_id, number)
);

-- Compressing at this rate would cost more than the room is worth.
alter table file_chunk alter column body set storage external;
