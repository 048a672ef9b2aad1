-- A week of a busy fleet: ${tasks} final tasks, three of four of them ${tenant}'s, and what belongs to them.
create temp table past as
select i, uuid_at.id, at, at + wait.s as done_at,
    case when i % 4 < 3 then '${tenant}' else 'tenant-' || (h % 20) end as tenant,
    (array ['chat', 'chat', 'chat', 'generate', 'generate', 'summarize', 'translate', 'classify', 'extract', 'answer'])[1 + h % 10] as type,
    (array ['auto', 'auto', 'auto', 'gpt-4.1', 'gpt-4.1-mini', 'qwen3-8b'])[1 + h / 16 % 6] as target,
    (array ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-mini', 'qwen3-8b'])[1 + h / 256 % 4] as model,
    case when h / 65536 % 1000 < 20 then 11 when h / 65536 % 1000 < 25 then 12 when h / 65536 % 1000 < 26 then 13 else 10 end as state,
    case when h % 5 = 0 then 'talk-' || (h / 1024 % greatest(10, ${tasks} / 50)) end as conversation,
    h
from generate_series(1, ${tasks}) as i
cross join lateral (select ('x' || substr(md5(i::text), 1, 8))::bit(32)::bigint as h) hash
cross join lateral (select now() - interval '1 minute' - i * (interval '6 days' / ${tasks}) as at) age
cross join lateral (select (0.3 + h % 9000 / 1000.0) * interval '1 s' as s) wait
cross join lateral (
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(i::text), 9, 3) || '8'
        || substr(md5(i::text), 12, 15))::uuid as id) uuid_at;

analyze past;

call ensure_task_partitions((now() at time zone 'UTC')::date - 7, (now() at time zone 'UTC')::date + 7);

insert into task (id, tenant, type, target, priority, created_at, deadline, call_limit_ms, conversation, conversation_seq,
    metadata, trace_parent, state, attempts, queued_at, started_at, finished_at, pool, model, route_reason, failure_code,
    failure_message, failure_retryable, failure_exception)
select id, tenant, type, target, h / 7 % 3, at, at + interval '10 minutes', 300000, conversation,
    case when conversation is not null then row_number() over (partition by tenant, conversation order by id) end,
    '{"ticket":"' || i || '"}', '00-' || md5(i::text) || '-00f067aa0ba902b7-01', state, 1 + h / 11 % 2, at + interval '5 ms',
    at + interval '20 ms', done_at, 'default', model, 'least expected wait',
    case when state in (11, 13) then (array ['BACKEND_ERROR', 'CALL_TIMEOUT', 'RATE_LIMITED', 'INVALID_INPUT', 'BACKEND_REFUSED'])[1 + h / 13 % 5] end,
    case when state in (11, 13) then 'the backend answered ' || (500 + h / 17 % 5) || ' to request ' || i end,
    case when state in (11, 13) then true end, case when state in (11, 13) then 'BackendException' end
from past order by id;

analyze task;

insert into task_input
select id, convert_to('{"input":{"prompt":"' || i || (select string_agg(' ' || md5(i || ':' || n), '') from generate_series(1, 15) n) || '"},"parameters":{"maxTokens":500}}', 'UTF8')
from past order by id;

insert into task_output
select id, convert_to('{"output":{"text":"' || i || (select string_agg(' ' || md5(i || '.' || n), '') from generate_series(1, 25) n)
    || '"},"model":"' || model || '","usage":{"inputTokens":130,"outputTokens":260},"cost":0.0021}', 'UTF8')
from past where state = 10 order by id;

insert into conversation (tenant, key, last_turn, halted_by, updated_at)
select tenant, conversation, count(*),
    case when abs(hashtext(conversation)) % 100 = 0 then (array_agg(id order by id desc))[1] end, max(done_at)
from past where conversation is not null group by 1, 2;

insert into dead_letter (id, kind, tenant, task_id, epoch, type, code, message, exception_type, attempts, failures, source,
    first_failed_at, last_failed_at, state, decided_at, decision_reason, target, model, reason, shape)
select gen_random_uuid(), 'task', p.tenant, p.id, 0, p.type, t.failure_code, t.failure_message, 'BackendException', t.attempts, '[]',
    'default', at, done_at, s.state, case when s.state <> 'open' then now() end, case when s.state = 'discarded' then 'not needed' end,
    p.target, p.model, regexp_replace(t.failure_message, '[0-9]+', '#', 'g') || ' of kind ' || h / 19 % 40, '{input:{prompt:text},parameters:{n' || h / 23 % 30 || ':number}}'
from past p join task t on t.id = p.id
cross join lateral (select case when h / 29 % 10 < 7 then 'open' when h / 29 % 10 < 9 then 'replayed' else 'discarded' end as state) s
where p.state = 11;

insert into pipeline_run (id, tenant, pipeline, version, state, trace_parent, created_at, deadline, finished_at)
select id, tenant, (array ['writing', 'translation', 'customer-service'])[1 + h / 31 % 3], 1,
    (array ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'CANCELLED'])[1 + h / 37 % 5],
    '00-' || md5(i::text) || '-00f067aa0ba902b7-01', at, at + interval '1 hour', done_at
from past where i % 50 = 0;

insert into webhook_delivery (id, tenant, task_id, type, url, endpoint, body, state, tries, created_at, finished_at)
select gen_random_uuid(), tenant, id, 'task.succeeded', 'http://127.0.0.1:9/hook', 'http://127.0.0.1:9', '{}', 'delivered', 1, at, done_at
from past where i % 20 = 0;

insert into usage_ledger (tenant, day, model, shard, tasks, input_tokens, output_tokens, cost)
select tenant, at::date - 7 * week.n, model, h % 4, count(*), 130 * count(*), 260 * count(*), 0.0021 * count(*)
from past cross join generate_series(0, 3) as week(n) group by 1, 2, 3, 4;

drop table past;

analyze;
