-- A task's facts and, once it is final, its outcome. Ids are UUIDv7, so a range of ids is a range of time:
-- one partition a day, dropped whole when its time is over.
create table task (
    id                uuid        not null primary key,
    tenant            text        not null,
    type              text        not null,
    target            text        not null,
    priority          smallint    not null,
    created_at        timestamptz not null,
    deadline          timestamptz not null,
    call_limit_ms     bigint      not null,
    conversation      text,
    conversation_seq  bigint,
    metadata          text,
    webhook           text,
    batch             uuid,
    reply_user        text,
    reply_to          text,
    correlation_id    text,
    trace_parent      text        not null,
    -- null until the task is final; while it is not, task_open has the state
    state             smallint,
    epoch             int         not null default 0,
    attempts          int         not null default 0,
    queued_at         timestamptz,
    started_at        timestamptz,
    finished_at       timestamptz,
    pool              text,
    model             text,
    route_reason      text,
    failure_code      text,
    failure_message   text,
    failure_retryable boolean,
    failure_exception text,
    failures          text
) partition by range (id);

create index task_by_tenant on task (tenant, id);
create index task_by_batch on task (batch, id) where batch is not null;

-- The wire body of a task (input and parameters), as exact bytes.
create table task_input (
    task_id uuid  not null primary key,
    body    bytea not null
) partition by range (task_id);

-- The JSON of a succeeded result, as exact bytes.
create table task_output (
    task_id uuid  not null primary key,
    body    bytea not null
) partition by range (task_id);


-- Work that is not finished: the outbox of the dispatch, and what is known of each task on its way.
-- A row is written with its task and deleted with its final state, so the table stays as small as the work at hand.
create table task_open (
    task_id       uuid        not null primary key,
    tenant        text        not null,
    target        text        not null,
    priority      smallint    not null,
    state         smallint    not null,
    epoch         int         not null,
    -- results of an older epoch have no effect
    fence         int         not null,
    attempt       int         not null,
    interruptions int         not null default 0,
    deadline      timestamptz not null,
    -- when a producer took it for dispatch; null while it waits
    claimed_at    timestamptz,
    -- when the broker confirmed it
    sent_at       timestamptz,
    -- when to ask the workers next who runs it, and when that was asked
    watch_at      timestamptz,
    asked_at      timestamptz,
    started_at    timestamptz,
    pool          text,
    model         text,
    route_reason  text,
    failures      text
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000);

create index task_open_waiting on task_open (priority, tenant, target, task_id) where claimed_at is null;
create index task_open_unsent on task_open (claimed_at) where sent_at is null and claimed_at is not null;
create index task_open_deadline on task_open (deadline);
create index task_open_watched on task_open (watch_at) where watch_at is not null;

create function uuid_floor(t timestamptz) returns uuid
    language sql immutable
    return (lpad(to_hex((extract(epoch from t) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- Makes the partitions of the given days (UTC) where they are missing.
create procedure ensure_task_partitions(first_day date, last_day date)
    language plpgsql as $$
declare
    parent text;
    day    date;
    name   text;
begin
    perform pg_advisory_xact_lock(hashtext('task_partitions'));
    foreach parent in array array ['task', 'task_input', 'task_output'] loop
        day := first_day;
        while day <= last_day loop
            name := parent || '_' || to_char(day, 'YYYYMMDD');
            if to_regclass(name) is null then
                execute format('create table %I partition of %I for values from (%L) to (%L)', name, parent,
                    uuid_floor(day::timestamp at time zone 'UTC'),
                    uuid_floor((day + 1)::timestamp at time zone 'UTC'));
            end if;
            day := day + 1;
        end loop;
    end loop;
end
$$;

-- Drops the partitions whose day ended more than the given number of days ago.
create procedure drop_task_partitions(parent text, keep_days int)
    language plpgsql as $$
declare
    child text;
begin
    for child in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = parent::regclass and c.relname ~ '_[0-9]{8}$'
          and to_date(right(c.relname, 8), 'YYYYMMDD') < (now() at time zone 'UTC')::date - keep_days
    loop
        execute format('drop table %I', child);
    end loop;
end
$$;

-- Whatever carries an id of another time still has a place.
create table task_default partition of task default;
create table task_input_default partition of task_input default;
create table task_output_default partition of task_output default;

call ensure_task_partitions((now() at time zone 'UTC')::date - 1, (now() at time zone 'UTC')::date + 7);
