-- Requests that brought many tasks; the tasks themselves name their batch.
create table batch (
    id         uuid        not null primary key,
    tenant     text        not null,
    created_at timestamptz not null,
    -- when the last line was read; null while lines come in, and for ever if the producer died meanwhile
    closed_at  timestamptz,
    refused    int         not null default 0
);

create index batch_by_age on batch (created_at);
