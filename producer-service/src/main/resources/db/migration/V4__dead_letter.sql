-- What failed for good or could not be read, kept until a person decides.
create table dead_letter (
    id              uuid        not null primary key,
    -- 'task': a task that FAILED; 'message': something on the broker that could not be read
    kind            text        not null,
    -- null where the message does not say; such letters are for administrators
    tenant          text,
    task_id         uuid,
    epoch           int,
    type            text,
    code            text        not null,
    message         text        not null,
    exception_type  text,
    attempts        int         not null,
    failures        text,
    source          text,
    first_failed_at timestamptz not null,
    last_failed_at  timestamptz not null,
    -- of a message only: its headers as JSON, and its exact bytes
    headers         text,
    body            bytea,
    -- 'open', 'replayed' or 'discarded'
    state           text        not null default 'open',
    decided_at      timestamptz,
    decision_reason text
);

create unique index dead_letter_of_task on dead_letter (task_id, epoch) where kind = 'task';
create index dead_letter_by_tenant on dead_letter (tenant, state, id);
