-- What kind of event a task's webhook gets; null for the task's own.
alter table task add column webhook_kind smallint;

-- What a response needs beyond its task, under the same id: the request that it answers, as exact bytes. It is written
-- before its task, so there may be one without a task.
create table response (
    task_id    uuid        not null primary key,
    tenant     text        not null,
    request    bytea       not null,
    created_at timestamptz not null default now()
);

create index response_by_age on response (created_at);
