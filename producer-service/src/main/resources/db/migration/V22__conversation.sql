-- Tasks of one conversation run one after the other, in the order of their acceptance.
--
-- A turn that is not the oldest unfinished one is held: its row of open work is claimed by nobody at 'infinity', so that
-- nothing that dispatches waiting or unconfirmed tasks takes it. Order of locks: conversation, then open rows; who holds
-- an open row and wants the conversation (an end that halts it) never waits for one that holds the conversation, because
-- that one skips locked open rows.

create table conversation (
    tenant           text        not null,
    key              text        not null,
    -- handed out, counted from 1
    last_turn        bigint      not null,
    -- the failed turn after which nothing goes on until somebody decides
    halted_by        uuid,
    -- unfinished turns before this one shall be cancelled; 0 for none
    interrupt_before bigint      not null default 0,
    updated_at       timestamptz not null default now(),
    primary key (tenant, key)
);

create index conversation_interrupted on conversation (tenant, key) where interrupt_before > 0;

-- JSON: what the task says about its place in the conversation
alter table task add column turn_options text;

alter table task_open
    add column conversation text,
    add column turn bigint,
    -- whether its failure halts the conversation
    add column halts boolean not null default false;

create index task_turn on task (tenant, conversation, conversation_seq) where conversation_seq is not null;
create index task_open_turn on task_open (tenant, conversation, turn) where conversation is not null;
create index task_open_held on task_open (tenant, conversation) where claimed_at = 'infinity';

-- Gives tasks that were just written their turns; returns those that are held.
create function turn_enter(
    ids uuid[], tenants text[], keys text[], halting boolean[], rejecting boolean[], interrupting boolean[],
    options text[])
    returns setof uuid
    language plpgsql
    as $$
declare
    r record;
    c conversation;
    busy boolean;
begin
    for r in
        select * from unnest(ids, tenants, keys, halting, rejecting, interrupting, options)
            as r(id, tenant, key, halts, rejects, interrupts, option)
        order by tenant, key, id
    loop
        insert into conversation as x (tenant, key, last_turn) values (r.tenant, r.key, 1)
        on conflict (tenant, key) do update set last_turn = x.last_turn + 1, updated_at = now()
        returning * into c;
        busy := c.halted_by is not null
            or exists (select from task_open o where o.tenant = r.tenant and o.conversation = r.key);
        if busy and r.rejects then
            raise exception '%', case when c.halted_by is null then 'another turn is unfinished'
                else 'the failed task ' || c.halted_by || ' halts it' end
                using errcode = 'LF001';
        end if;
        if r.interrupts then
            update conversation set interrupt_before = c.last_turn where tenant = r.tenant and key = r.key;
        end if;
        update task set conversation_seq = c.last_turn, turn_options = r.option where id = r.id;
        update task_open set conversation = r.key, turn = c.last_turn, halts = r.halts,
            claimed_at = case when busy then 'infinity' else claimed_at end
        where task_id = r.id;
        if busy then
            return next r.id;
        end if;
    end loop;
end
$$;

-- Claims for dispatch what is next in these conversations; returns it.
create function turn_next(tenants text[], keys text[])
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
            where o.tenant = r.tenant and o.conversation = r.key and o.claimed_at is distinct from 'infinity');
        select task_id into head from task_open o
        where o.tenant = r.tenant and o.conversation = r.key order by o.turn limit 1;
        continue when not found;
        -- Who has it locked is ending it, and asks for the next one then.
        perform from task_open o where o.task_id = head and o.claimed_at = 'infinity' for update skip locked;
        continue when not found;
        update task_open set claimed_at = now() where task_id = head;
        return next head;
    end loop;
end
$$;

-- As before, and says which conversation goes on.
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
        conversation text, halts boolean)
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
        select task_id, fence, sent_at, conversation, halts from task_open where task_id = any(ids) order by task_id for update),
    won as materialized (
        select distinct on (r.id) r.*, o.sent_at, o.conversation, o.halts
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
            t.reply_user is not null as to_client, w.conversation, coalesce(w.halts, false) as halts),
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
