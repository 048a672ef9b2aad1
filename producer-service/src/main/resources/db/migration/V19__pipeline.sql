-- Definitions, a row for each version; the shipped ones are in the service itself.
create table pipeline (
    tenant     text        not null,
    name       text        not null,
    version    int         not null,
    definition text        not null,
    created_at timestamptz not null default now(),
    primary key (tenant, name, version)
);

create table pipeline_run (
    id           uuid        not null primary key,
    tenant       text        not null,
    -- that its tasks count for
    api_key      uuid,
    pipeline     text        not null,
    version      int         not null,
    -- as it was when the run began; null once the content is erased, as are the other texts
    definition   text,
    input        text,
    output       text,
    problem      text,
    state        text        not null default 'RUNNING',
    trace_parent text        not null,
    created_at   timestamptz not null,
    deadline     timestamptz not null,
    finished_at  timestamptz,
    resumed      int         not null default 0
);

create index pipeline_run_by_tenant on pipeline_run (tenant, id);
create index pipeline_run_by_age on pipeline_run (created_at);

-- Steps that have begun.
create table pipeline_step (
    run         uuid        not null references pipeline_run on delete cascade,
    step        text        not null,
    state       text        not null,
    started_at  timestamptz,
    finished_at timestamptz,
    items       text,
    output      text,
    problem     text,
    primary key (run, step)
);

-- The tasks of steps. A row is there before its task, so whoever submits it, and however often, it is that task.
create table pipeline_call (
    task         uuid        not null primary key,
    run          uuid        not null references pipeline_run on delete cascade,
    step         text        not null,
    item         int         not null,
    iteration    int         not null,
    part         int         not null,
    attempt      int         not null,
    -- null once the task is accepted
    request      text,
    -- the task's final state; null before
    state        smallint,
    output       text,
    problem      text,
    tokens       bigint      not null default 0,
    cost         numeric     not null default 0,
    created_at   timestamptz not null,
    finished_at  timestamptz,
    -- a resumption does it anew
    set_aside    boolean     not null default false
);

create unique index pipeline_call_once on pipeline_call (run, step, item, iteration, part, attempt) where not set_aside;
create index pipeline_call_by_run on pipeline_call (run);

-- Runs that somebody should look at, and when. Rows are only added and taken away, so that who brings a result never
-- waits for who looks at the run.
create table pipeline_wake (
    run uuid        not null,
    at  timestamptz not null default now()
);

create index pipeline_wake_due on pipeline_wake (at);
create index pipeline_wake_by_run on pipeline_wake (run);
