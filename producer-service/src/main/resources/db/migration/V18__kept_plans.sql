-- The two statements that every task needs, as routines whose plans are kept. Their plans are the same whatever the
-- tables hold: rows are written, or found by their keys. Arrays have one element for each task.

create procedure task_accept(
    ids uuid[], tenants text[], types text[], targets text[], priorities smallint[], created_ats bigint[],
    deadlines bigint[], call_limits bigint[], conversations text[], metadatas text[], webhooks text[],
    webhook_kinds smallint[], batches uuid[], reply_users text[], reply_tos text[], correlation_ids text[],
    trace_parents text[], api_keys uuid[], bodies bytea[], claims boolean[], once_keys text[], fingerprints text[])
    language plpgsql
    set plan_cache_mode = force_generic_plan
    as $$
begin
    insert into task_key (tenant, key, task_id, fingerprint)
    select tenant, key, id, fingerprint
    from unnest(tenants, once_keys, ids, fingerprints) as k(tenant, key, id, fingerprint)
    where key is not null;

    insert into task (id, tenant, type, target, priority, created_at, deadline, call_limit_ms, conversation, metadata,
        webhook, webhook_kind, batch, reply_user, reply_to, correlation_id, trace_parent, api_key)
    select id, tenant, type, target, priority, to_timestamp(created / 1000.0), to_timestamp(due / 1000.0), call_limit,
        conversation, metadata, webhook, webhook_kind, batch, reply_user, reply_to, correlation_id, trace_parent, api_key
    from unnest(ids, tenants, types, targets, priorities, created_ats, deadlines, call_limits, conversations,
            metadatas, webhooks, webhook_kinds, batches, reply_users, reply_tos, correlation_ids, trace_parents, api_keys)
        as t(id, tenant, type, target, priority, created, due, call_limit, conversation, metadata, webhook,
            webhook_kind, batch, reply_user, reply_to, correlation_id, trace_parent, api_key);

    insert into task_input (task_id, body)
    select * from unnest(ids, bodies);

    insert into task_open (task_id, tenant, type, target, priority, state, epoch, fence, attempt, deadline, claimed_at)
    select id, tenant, type, target, priority, 0, 1, 1, 1, to_timestamp(due / 1000.0), case when claimed then now() end
    from unnest(ids, tenants, types, targets, priorities, deadlines, claims)
        as o(id, tenant, type, target, priority, due, claimed);
end
$$;

-- Who deletes a task's open row writes its outcome; where results are fenced, one of an epoch that is over has no
-- effect. What is locked and what has won is found by CTEs that are evaluated once. A result may overtake the note that
-- its task was sent: it was queued before it started. Rows are locked, and those of the ledger written, in one order by
-- all, so that nobody waits in a circle.
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
        priority smallint, webhook text, webhook_kind smallint, to_client boolean)
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
        select task_id, fence, sent_at from task_open where task_id = any(ids) order by task_id for update),
    won as materialized (
        select distinct on (r.id) r.*, o.sent_at
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
            t.reply_user is not null as to_client),
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
