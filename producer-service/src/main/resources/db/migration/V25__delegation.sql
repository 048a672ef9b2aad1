-- A running task sends tasks to others and waits for them in the store, holding no worker.
--
-- A task that waits is claimed by nobody at 'infinity', as a held turn is, and is marked; it goes on when no open row
-- names it as its parent. Order of locks: the open row of the caller, then its tree.

alter table task add column parent uuid;

create index task_by_parent on task (parent, id) where parent is not null;

alter table task_open
    add column parent uuid,
    -- how often it has delegated
    add column round int not null default 0,
    -- what a worker delegates in an epoch before this one has been taken up already
    add column round_fence int not null default 0,
    add column waits boolean not null default false;

create index task_open_children on task_open (parent) where parent is not null;
create index task_open_waits on task_open (task_id) where waits;

-- Tasks that may delegate. The first one of a tree has its limits and what is used of them.
create table delegation (
    task         uuid        not null primary key,
    root         uuid        not null,
    depth        int         not null,
    max_depth    int         not null,
    max_tasks    int         not null,
    max_tokens   bigint      not null,
    tasks        int         not null default 0,
    tokens       bigint      not null default 0,
    -- JSON: what the last round left for the next one
    continuation bytea,
    created_at   timestamptz not null default now()
);

create index delegation_by_age on delegation (created_at);

-- What was asked for in a round, in the caller's order: a task, or why there is none.
create table delegation_call (
    task    uuid not null references delegation on delete cascade,
    round   int  not null,
    place   int  not null,
    call_id text not null,
    child   uuid,
    refusal text,
    primary key (task, round, place)
);

-- As before; a turn that waits for its children is not over.
create or replace function turn_next(tenants text[], keys text[])
    returns setof uuid
    language plpgsql
    as $$
declare
    r record;
    halt uuid;
    head uuid;
begin
    for r in
        select distinct tenant, key from unnest(tenants, keys) as r(tenant, key) order by tenant, key
    loop
        select halted_by into halt from conversation c where c.tenant = r.tenant and c.key = r.key for update;
        continue when not found or halt is not null or exists (
            select from task_open o
            where o.tenant = r.tenant and o.conversation = r.key
                and (o.claimed_at is distinct from 'infinity' or o.waits));
        select task_id into head from task_open o
        where o.tenant = r.tenant and o.conversation = r.key order by o.turn limit 1;
        continue when not found;
        -- Who has it locked is ending it, and asks for the next one then.
        perform from task_open o where o.task_id = head and o.claimed_at = 'infinity' and not o.waits
            for update skip locked;
        continue when not found;
        update task_open set claimed_at = now() where task_id = head;
        return next head;
    end loop;
end
$$;

-- As before, and says whose child it was and how often it delegated.
drop function task_end(
    boolean, uuid[], bytea[], smallint[], int[], int[], bigint[], bigint[], text[], text[], text[], text[], text[],
    boolean[], text[], text[], int[], uuid, uuid, int, bigint[], text[], int[], bigint[], bigint[], numeric[]);

create function task_end(
    fenced boolean, ids uuid[], bodies bytea[], states smallint[], epochs int[], tries int[], starts bigint[],
    ends bigint[], pools text[], models text[], reasons text[], codes text[], messages text[], retryables boolean[],
    exceptions text[], failure_lists text[], delta_counts int[],
    -- of the ids, so that partitions of other days are left out
    first_id uuid, last_id uuid,
    -- of the ledger: which attempt of which task, counted from 1, used what
    ledger_shard int, used_by bigint[], used_models text[], used_tasks int[], used_inputs bigint[],
    used_outputs bigint[], used_costs numeric[])
    returns table (n bigint, finished_at timestamptz, queued_at timestamptz, tenant text, api_key uuid, type text,
        priority smallint, webhook text, webhook_kind smallint, to_client boolean,
        conversation text, halts boolean, parent uuid, rounds int)
    language plpgsql
    set plan_cache_mode = force_generic_plan
    -- a plan that was made while the tables were empty must do for full ones
    set enable_seqscan = off
    as $$
#variable_conflict use_column
begin
    return query
    with r as materialized (
        select * from unnest(ids, bodies, states, epochs, tries, starts, ends, pools, models, reasons, codes, messages,
                retryables, exceptions, failure_lists, delta_counts) with ordinality
            as r(id, body, state, epoch, attempts, started, finished, pool, model, why, code, message, retryable,
                exception, failures, deltas, n)),
    mine as materialized (
        select task_id, fence, sent_at, conversation, halts, parent, round from task_open where task_id = any(ids) order by task_id for update),
    won as materialized (
        select distinct on (r.id) r.*, o.sent_at, o.conversation, o.halts, o.parent, o.round as rounds
        from r left join mine o on o.task_id = r.id
        where not fenced or r.epoch >= o.fence
        order by r.id, r.n),
    closed as (
        delete from task_open where task_id = any(array(select id from won))),
    outputs as (
        insert into task_output (task_id, body) select id, body from won where body is not null
        on conflict (task_id) do update set body = excluded.body),
    ended as (
        update task t set state = w.state, epoch = w.epoch, attempts = w.attempts,
            queued_at = date_trunc('milliseconds', least(w.sent_at, to_timestamp(w.started / 1000.0))),
            started_at = to_timestamp(w.started / 1000.0), finished_at = to_timestamp(w.finished / 1000.0),
            pool = w.pool, model = w.model, route_reason = w.why, failure_code = w.code,
            failure_message = w.message, failure_retryable = w.retryable, failure_exception = w.exception,
            failures = w.failures, deltas = w.deltas
        from won w
        where t.id = w.id and t.id = any(ids) and t.id between first_id and last_id
        returning w.n, t.finished_at, t.queued_at, t.tenant, t.api_key, t.type, t.priority, t.webhook, t.webhook_kind,
            t.reply_user is not null as to_client, w.conversation, coalesce(w.halts, false) as halts,
            w.parent, coalesce(w.rounds, 0) as rounds),
    used as (
        insert into usage_ledger (tenant, day, api_key, model, shard, tasks, input_tokens, output_tokens, cost)
        select e.tenant, cast(e.finished_at at time zone 'UTC' as date),
            coalesce(e.api_key, '00000000-0000-0000-0000-000000000000'), u.model, ledger_shard, sum(u.tasks),
            sum(u.input_tokens), sum(u.output_tokens), sum(u.cost)
        from unnest(used_by, used_models, used_tasks, used_inputs, used_outputs, used_costs)
            as u(n, model, tasks, input_tokens, output_tokens, cost)
        join ended e on e.n = u.n group by 1, 2, 3, 4 order by 1, 2, 3, 4
        on conflict (tenant, day, api_key, model, shard) do update set
            tasks = usage_ledger.tasks + excluded.tasks,
            input_tokens = usage_ledger.input_tokens + excluded.input_tokens,
            output_tokens = usage_ledger.output_tokens + excluded.output_tokens,
            cost = usage_ledger.cost + excluded.cost)
    select * from ended;
end
$$;
