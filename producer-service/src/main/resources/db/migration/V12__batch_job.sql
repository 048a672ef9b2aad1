-- Batches in OpenAI's sense: a file of requests, each of them a task, to be done within a window.
create table batch_job (
    id                uuid        not null primary key,
    tenant            text        not null,
    -- that its tasks count for
    api_key           uuid        not null,
    endpoint          text        not null,
    input_file        uuid        not null,
    completion_window text        not null,
    metadata          text,
    webhook           text,
    trace_parent      text        not null,
    state             text        not null default 'validating',
    created_at        timestamptz not null,
    expires_at        timestamptz not null,
    in_progress_at    timestamptz,
    finalizing_at     timestamptz,
    completed_at      timestamptz,
    failed_at         timestamptz,
    expired_at        timestamptz,
    cancelling_at     timestamptz,
    cancelled_at      timestamptz,
    total             int         not null default 0,
    completed         int         not null default 0,
    failed            int         not null default 0,
    -- lines that no task could be made of
    refused           int         not null default 0,
    errors            text,
    output_file       uuid,
    error_file        uuid,
    -- how far lines were submitted: the next one's number, and where it begins
    next_line         int         not null default 1,
    next_byte         bigint      not null default 0,
    all_submitted     boolean     not null default false,
    -- who works on it until when; what another one does meanwhile has no effect
    lease             uuid,
    lease_until       timestamptz,
    next_at           timestamptz not null default now(),
    -- of the request that brought it, for a day
    key               text,
    fingerprint       text
);

create index batch_job_by_tenant on batch_job (tenant, id);
create index batch_job_open on batch_job (next_at) where state in ('validating', 'in_progress', 'finalizing', 'cancelling');
create unique index batch_job_by_key on batch_job (tenant, key) where key is not null;
create index batch_job_by_output on batch_job (output_file);
create index batch_job_by_errors on batch_job (error_file);
create index batch_job_by_age on batch_job (created_at);

create table batch_job_line (
    job       uuid not null references batch_job on delete cascade,
    line      int  not null,
    custom_id text not null,
    -- null until it is submitted
    task      uuid,
    -- what the answer has to know of the request beside the task
    note      text,
    -- the response to a line that no task could be made of
    refusal   text,
    primary key (job, line)
) with (fillfactor = 60);

-- A webhook may tell of something else than a task.
comment on column webhook_delivery.task_id is 'what it tells of: a task or a batch';
