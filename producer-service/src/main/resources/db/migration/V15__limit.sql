-- What was granted to an owner (a key, or an AMQP client) within the current minute, over all replicas. The first request
-- begins a minute. What was used beyond the capacity is owed by the minutes that follow. A crash of the database may
-- empty this table, and the minute begins anew; in return nobody waits for a disk.
create unlogged table limit_window (
    owner      text        not null,
    kind       text        not null,
    started_at timestamptz not null,
    used       bigint      not null,
    capacity   bigint      not null,
    primary key (owner, kind)
) with (fillfactor = 50);

-- How many unfinished tasks an owner has: always as many as it has rows in limit_hold that are queued.
create table limit_queue (
    owner   text   not null primary key,
    tasks   bigint not null,
    -- when the last one left, and how long it takes on average until the next one does
    left_at timestamptz,
    gap_ms  double precision
) with (fillfactor = 50);

-- What an unfinished task holds of its owner's limits; given back with the final state.
create table limit_hold (
    task_id    uuid        not null primary key,
    owner      text        not null,
    queued     boolean     not null,
    tokens     bigint      not null,
    -- the start of the minute that the tokens were taken from
    window_at  timestamptz,
    created_at timestamptz not null
);

create index limit_hold_by_owner on limit_hold (owner);
create index limit_hold_by_age on limit_hold (created_at);

-- The window as it is at a time.
create function limit_roll(w limit_window, at timestamptz, most bigint) returns limit_window
    language plpgsql immutable as $$
declare
    minutes bigint := floor(extract(epoch from at - w.started_at) / 60);
begin
    if minutes < 1 then
        w.capacity := greatest(w.capacity, most);
        return w;
    end if;
    w.used := greatest(0, w.used - w.capacity::numeric * minutes);
    w.started_at := case when w.used = 0 then at else w.started_at + minutes * interval '1 minute' end;
    w.capacity := most;
    return w;
end
$$;

-- Takes between at_least and at_most out of the window, or nothing.
create function limit_take(of_owner text, of_kind text, at_least bigint, at_most bigint, most bigint,
    at timestamptz default clock_timestamp(),
    out granted bigint, out used bigint, out started_at timestamptz, out left_ms bigint)
    language plpgsql as $$
declare
    w limit_window;
begin
    select x.* into w from limit_window x where x.owner = of_owner and x.kind = of_kind for update;
    if not found then
        insert into limit_window values (of_owner, of_kind, at, 0, most) on conflict do nothing;
        select x.* into w from limit_window x where x.owner = of_owner and x.kind = of_kind for update;
    end if;
    w := limit_roll(w, at, most);
    granted := case when w.used + at_least <= most then least(at_most, most - w.used) else 0 end;
    if granted > 0 then
        w.used := w.used + granted;
        update limit_window x set started_at = w.started_at, used = w.used, capacity = w.capacity
        where x.owner = of_owner and x.kind = of_kind;
    end if;
    used := w.used;
    started_at := w.started_at;
    left_ms := ceil(extract(epoch from w.started_at + interval '1 minute' - at) * 1000);
end
$$;

-- Locks the count of an owner's unfinished tasks. Counting begins with those that there are.
create function limit_lock_queue(of_owner text, of_tenant text, of_key uuid, at timestamptz) returns limit_queue
    language plpgsql as $$
declare
    q     limit_queue;
    found_tasks bigint;
begin
    select x.* into q from limit_queue x where x.owner = of_owner for update;
    if found then
        return q;
    end if;
    insert into limit_queue values (of_owner, 0) on conflict do nothing;
    if found then
        insert into limit_hold (task_id, owner, queued, tokens, created_at)
        select o.task_id, of_owner, true, 0, at from task_open o join task t on t.id = o.task_id
        where o.tenant = of_tenant and t.api_key is not distinct from of_key
        on conflict (task_id) do update set queued = true;
        get diagnostics found_tasks = row_count;
        update limit_queue x set tasks = found_tasks where x.owner = of_owner;
    end if;
    select x.* into q from limit_queue x where x.owner = of_owner for update;
    return q;
end
$$;

-- Takes what a task needs of its owner's limits, all of it or nothing; null is no limit. Which limit refused it, or null;
-- wait_ms is how long it may take until there is room again. It waits for no disk: the commit of the task itself, which
-- comes later, makes this durable, too.
create function limit_admit(of_task uuid, of_owner text, of_tenant text, of_key uuid, most_queued bigint,
    wanted bigint, most_tokens bigint, at timestamptz default clock_timestamp(),
    out refused text, out queued bigint, out used bigint, out wait_ms bigint)
    language plpgsql as $$
declare
    q limit_queue;
    t record;
    window_at timestamptz;
begin
    perform set_config('synchronous_commit', 'off', true);
    if most_queued is not null then
        q := limit_lock_queue(of_owner, of_tenant, of_key, at);
        queued := q.tasks;
        if q.tasks >= most_queued then
            refused := 'queue';
            wait_ms := q.gap_ms - extract(epoch from at - q.left_at) * 1000;
            return;
        end if;
    end if;
    if most_tokens is not null then
        select * into t from limit_take(of_owner, 'tokens', wanted, wanted, most_tokens, at);
        used := t.used;
        wait_ms := t.left_ms;
        window_at := t.started_at;
        if t.granted = 0 then
            refused := 'tokens';
            return;
        end if;
    end if;
    update limit_queue x set tasks = x.tasks + 1 where x.owner = of_owner and most_queued is not null;
    insert into limit_hold values (of_task, of_owner, most_queued is not null,
        case when most_tokens is null then 0 else wanted end, window_at, at);
end
$$;

-- Gives back what these tasks hold. Tokens that were used beyond those that were taken count in the current minute;
-- fewer are given back if it is still the same minute.
create function limit_settle(ids uuid[], tokens_used bigint[], at timestamptz default clock_timestamp()) returns void
    language plpgsql as $$
declare
    of_owner   text;
    w          limit_window;
    has_window boolean;
    gone       bigint;
    more       numeric;
begin
    -- One order for all, so that transactions never wait for each other in a circle.
    for of_owner in select distinct h.owner from limit_hold h where h.task_id = any(ids) order by 1 loop
        perform 1 from limit_queue q where q.owner = of_owner for update;
        select x.* into w from limit_window x where x.owner = of_owner and x.kind = 'tokens' for update;
        has_window := found;
        if has_window then
            w := limit_roll(w, at, w.capacity);
        end if;
        with given as (
            delete from limit_hold h using unnest(ids, tokens_used) as u(id, used)
            where h.task_id = u.id and h.owner = of_owner
            returning h.queued, h.window_at, u.used - h.tokens as more)
        select count(*) filter (where queued),
            coalesce(sum(case when window_at is null then 0 when window_at = w.started_at then given.more
                else greatest(given.more, 0) end), 0)
        into gone, more from given;
        if gone > 0 then
            update limit_queue q set tasks = greatest(0, q.tasks - gone), left_at = at,
                gap_ms = coalesce(0.8 * q.gap_ms + 0.2 * gap.ms, gap.ms)
            from (select extract(epoch from at - x.left_at) * 1000 / gone as ms from limit_queue x
                where x.owner = of_owner) gap
            where q.owner = of_owner;
        end if;
        if has_window and more <> 0 then
            update limit_window x set started_at = w.started_at, used = greatest(0, w.used + more), capacity = w.capacity
            where x.owner = of_owner and x.kind = 'tokens';
        end if;
    end loop;
end
$$;

-- Requests that came with a key of their own and were done: they are not done again. The work is done in the transaction
-- that writes the row, so those that come meanwhile wait for it.
create table request_once (
    tenant      text        not null,
    key         text        not null,
    fingerprint text        not null,
    -- what came of it
    resource    text,
    created_at  timestamptz not null default now(),
    primary key (tenant, key)
);

create index request_once_by_age on request_once (created_at);
