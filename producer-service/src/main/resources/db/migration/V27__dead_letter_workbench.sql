-- What letters are grouped by, and what was decided about many of them at once.
alter table dead_letter
    -- that the task named, and the last one that tried it
    add column target    text,
    add column model     text,
    -- the message without what differs from letter to letter, and the structure of the input without its values
    add column reason    text,
    add column shape     text,
    -- the task that an edited copy of the input became
    add column copy      uuid,
    -- the job that has taken it or decided about it
    add column job       uuid,
    -- the policy whose job that was
    add column policy    uuid,
    -- by the database's clock, so that what fails again is told from what failed before
    add column stored_at timestamptz not null default now();

update dead_letter set reason = left(regexp_replace(message, '[0-9]+', '#', 'g'), 160);
update dead_letter d set target = t.target, model = t.model from task t where d.task_id = t.id;

create index dead_letter_open_by_time on dead_letter (last_failed_at, id) where state = 'open';
create index dead_letter_by_job on dead_letter (job, id) where job is not null;
create index dead_letter_by_copy on dead_letter (copy) where copy is not null;

-- Replays and discards of many. Whoever works on one has its row locked, so one replica does at a time, and one that
-- dies lets go of it.
create table dead_letter_job (
    id          uuid             not null primary key,
    -- 'replay' or 'discard'
    kind        text             not null,
    -- whose letters; null for everybody's
    tenant      text,
    filter      text             not null,
    -- of a discard
    reason      text,
    per_second  double precision not null,
    policy      uuid,
    -- 'running', 'done' or 'cancelled'
    state       text             not null default 'running',
    total       int              not null,
    done        int              not null default 0,
    -- somebody else decided about them meanwhile
    skipped     int              not null default 0,
    -- they cannot be run
    failed      int              not null default 0,
    -- why it waits
    problem     text,
    created_at  timestamptz      not null default now(),
    finished_at timestamptz,
    -- the last letter that it came to, in the order of their ids
    reached     uuid,
    -- up to when its rate is used up
    paid_until  timestamptz      not null default now()
);

create index dead_letter_job_running on dead_letter_job (paid_until) where state = 'running';
create index dead_letter_job_by_policy on dead_letter_job (policy) where policy is not null;

-- Replays without a person: which letters, when, and how often at most.
create table dead_letter_policy (
    id            uuid             not null primary key,
    -- whose letters; null for everybody's
    tenant        text,
    code          text             not null,
    type          text,
    target        text,
    -- 'delay' or 'breaker_closed'
    trigger       text             not null,
    delay_seconds int              not null,
    max_replays   int              not null,
    per_second    double precision not null,
    created_at    timestamptz      not null default now(),
    -- when it was looked at last
    looked_at     timestamptz
);

-- What workers say of backends, so that a closing is not missed while no producer listens.
create table dead_letter_breaker (
    pool      text        not null,
    model     text        not null,
    open      boolean     not null,
    closed_at timestamptz,
    primary key (pool, model)
);
