package io.llmfleet.producer.task;

import io.llmfleet.model.Priority;
import io.llmfleet.model.Usage;
import io.llmfleet.producer.metrics.TaskMeters;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** What tasks delegate, in PostgreSQL; V25 says how. */
final class JdbcDelegations implements Delegations, Tasks.Keeper {

    private static final String HOLD =
            """
            select o.task_id, o.round, t.tenant, t.api_key, t.priority, t.deadline, t.call_limit_ms, t.trace_parent,
                d.root, d.depth
            from task_open o join task t on t.id = o.task_id left join delegation d on d.task = o.task_id
            where o.task_id = ? and ? >= greatest(o.fence, o.round_fence) and not o.waits
            for update of o
            """;
    private static final String WAIT =
            """
            update task_open set waits = true, claimed_at = 'infinity', sent_at = null, watch_at = null, asked_at = null,
                epoch = epoch + 1, round_fence = epoch + 1, round = round + 1, state = 3, attempt = 1,
                interruptions = 0, failures = ?, started_at = coalesce(?, started_at)
            where task_id = ?
            """;
    private static final String NOTE =
            """
            insert into delegation_call (task, round, place, call_id, child, refusal)
            select ?, ?, place, call_id, child, refusal
            from unnest(?, ?, ?, ?) as x(place, call_id, child, refusal)
            """;
    private static final String RESUME =
            """
            with taken as (
                update task_open o set waits = false, claimed_at = now(), state = 0 where task_id = any(array(
                    select p.task_id from task_open p
                    where p.task_id = any(?) and p.waits
                        and not exists (select from task_open c where c.parent = p.task_id)
                    order by p.task_id for update skip locked))
            """
                    + JdbcOpenTasks.RETURNING;
    private static final String STALLED =
            """
            select p.task_id from task_open p
            where p.waits and not exists (select from task_open c where c.parent = p.task_id)
            order by p.task_id limit ?
            """;
    private static final String ORPHANS =
            JdbcTaskStore.SELECT_ALL.formatted("null::bytea", "")
                    + """
                     where t.id = any(array(
                        select c.task_id from task_open c
                        where c.parent is not null and not exists (select from task_open p where p.task_id = c.parent)
                        order by c.task_id limit ?))
                    """;

    /** In one order, so that those who do the same at the same time wait for each other. */
    private static final String LOCK =
            """
            select task from delegation
            where task = any(?) or task in (select root from delegation where task = any(?))
            order by task for update
            """;

    private static final String USED =
            """
            update delegation r set tokens = r.tokens + u.tokens, cost = r.cost + u.cost
            from (
                select d.root, sum(x.tokens) as tokens, sum(x.cost) as cost
                from unnest(?, ?, ?) as x(parent, tokens, cost) join delegation d on d.task = x.parent group by d.root) u
            where r.task = u.root
            """;
    private static final String LEDGER =
            """
            insert into usage_ledger (tenant, day, api_key, model, shard, tasks, input_tokens, output_tokens, cost)
            values (?, (now() at time zone 'UTC')::date, ?, ?, 0, 0, ?, ?, coalesce(?, 0))
            on conflict (tenant, day, api_key, model, shard) do update set
                input_tokens = usage_ledger.input_tokens + excluded.input_tokens,
                output_tokens = usage_ledger.output_tokens + excluded.output_tokens,
                cost = usage_ledger.cost + excluded.cost
            """;
    private static final String TREE_OF =
            """
            with recursive below as (
                select id from task where parent = ?
                union all select t.id from below b join task t on t.parent = b.id)
            """;
    private static final UUID NO_KEY = new UUID(0, 0);

    private final JdbcTemplate jdbc;
    private final JdbcTaskStore store;
    private final Supplier<DispatchGate> gate;
    private final TaskMeters meters;
    private final JdbcResumptions resumptions;

    JdbcDelegations(
            JdbcTemplate jdbc,
            JdbcTaskStore store,
            Supplier<DispatchGate> gate,
            TaskMeters meters) {
        this.jdbc = jdbc;
        this.store = store;
        this.gate = gate;
        this.meters = meters;
        this.resumptions = new JdbcResumptions(jdbc);
    }

    @Override
    public Optional<Caller> hold(UUID task, int epoch) {
        return jdbc.query(HOLD, this::caller, task, epoch).stream().findFirst();
    }

    private Caller caller(ResultSet row, int number) throws SQLException {
        UUID root = row.getObject("root", UUID.class);
        UUID task = row.getObject("task_id", UUID.class);
        if (root != null) {
            jdbc.queryForList("select 1 from delegation where task = ? for update", root);
        }
        return new Caller(
                task,
                row.getInt("round"),
                row.getString("tenant"),
                row.getObject("api_key", UUID.class),
                Priority.values()[row.getInt("priority")],
                TaskRow.requiredTime(row, "deadline"),
                Duration.ofMillis(row.getLong("call_limit_ms")),
                row.getString("trace_parent"),
                root == null ? null : resumptions.tree(task).orElse(null));
    }

    @Override
    public void delegate(Caller caller, Round round) {
        Tree tree = Objects.requireNonNull(caller.tree());
        accept(round.calls());
        long children = round.calls().stream().filter(c -> c.child() != null).count();
        jdbc.update(
                "update delegation set tasks = tasks + ? where task = ?", children, tree.root());
        jdbc.update(
                "update delegation set continuation = ? where task = ?",
                round.continuation(),
                caller.id());
        note(caller, round.calls());
        OffsetDateTime started =
                round.startedAt() == null ? null : round.startedAt().atOffset(ZoneOffset.UTC);
        jdbc.update(WAIT, TaskRow.failures(round.failures()), started, caller.id());
        charge(caller, round);
    }

    /** Part of the caller's transaction. */
    private void accept(List<Answered> calls) {
        List<JdbcTaskStore.Acceptance> children = new ArrayList<>();
        for (Answered call : calls) {
            if (call.child() != null) {
                OpenTask open = JdbcTaskStore.open(call.child());
                children.add(
                        new JdbcTaskStore.Acceptance(
                                call.child(), open, gate.get().tryClaim(open), null));
            }
        }
        if (!children.isEmpty()) {
            store.insert(children);
            AfterCommit.run(() -> children.forEach(this::accepted));
        }
    }

    private void accepted(JdbcTaskStore.Acceptance child) {
        meters.accepted(child.task().type(), child.task().priority());
        if (child.claimed()) {
            gate.get().dispatch(child.open());
        }
    }

    private void note(Caller caller, List<Answered> calls) {
        List<Integer> places = java.util.stream.IntStream.range(0, calls.size()).boxed().toList();
        Rows.update(
                jdbc,
                NOTE,
                places,
                rows ->
                        rows.value(caller.id())
                                .value(caller.round() + 1)
                                .column("int4", n -> n)
                                .column("text", n -> calls.get(n).callId())
                                .column("uuid", n -> idOf(calls.get(n).child()))
                                .column("text", n -> calls.get(n).refusal()));
    }

    private static @Nullable UUID idOf(@Nullable NewTask task) {
        return task == null ? null : task.id();
    }

    /** What a round used counts at once: the task's end counts its last one alone. */
    private void charge(Caller caller, Round round) {
        Usage usage = round.usage();
        if (usage == null) {
            return;
        }
        used(Map.of(caller.id(), spent(usage)));
        jdbc.update(
                LEDGER,
                caller.tenant(),
                caller.key() == null ? NO_KEY : caller.key(),
                round.model() == null ? "unknown" : round.model(),
                usage.inputTokens(),
                usage.outputTokens(),
                usage.cost());
    }

    private static Spent spent(Usage usage) {
        BigDecimal cost = usage.cost();
        return new Spent(
                usage.inputTokens() + usage.outputTokens(), cost == null ? BigDecimal.ZERO : cost);
    }

    @Override
    public void ended(Map<UUID, Spent> spent, Collection<UUID> callers) {
        lock(callers, spent.keySet());
        used(spent);
        Rows.update(
                jdbc,
                "update delegation set continuation = null where task = any(?)",
                List.copyOf(callers),
                rows -> rows.column("uuid", id -> id));
    }

    private void lock(Collection<UUID> callers, Collection<UUID> parents) {
        Rows.query(
                jdbc,
                LOCK,
                List.copyOf(callers),
                rows ->
                        rows.column("uuid", id -> id)
                                .and(List.copyOf(parents), more -> more.column("uuid", id -> id)),
                (row, n) -> row.getObject(1, UUID.class));
    }

    private void used(Map<UUID, Spent> spent) {
        Rows.update(
                jdbc,
                USED,
                List.copyOf(spent.entrySet()),
                rows ->
                        rows.column("uuid", Map.Entry::getKey)
                                .column("bigint", s -> s.getValue().tokens())
                                .column("numeric", s -> s.getValue().cost()));
    }

    @Override
    public Spent spentBelow(UUID root) {
        return jdbc
                .query(
                        "select tokens, cost from delegation where task = ?",
                        (row, n) -> new Spent(row.getLong("tokens"), row.getBigDecimal("cost")),
                        root)
                .stream()
                .findFirst()
                .orElse(Spent.NOTHING);
    }

    @Override
    public List<OpenTask> resume(Collection<UUID> parents) {
        return parents.isEmpty()
                ? List.of()
                : Rows.query(
                        jdbc,
                        RESUME,
                        List.copyOf(parents),
                        rows -> rows.column("uuid", id -> id),
                        JdbcOpenTasks::openTask);
    }

    @Override
    public List<UUID> stalled(int limit) {
        return jdbc.queryForList(STALLED, UUID.class, limit);
    }

    @Override
    public List<TaskView> orphans(int limit) {
        return jdbc.query(ORPHANS, TaskRow::read, limit);
    }

    @Override
    public Optional<Resumption> resumption(UUID task, int round, long maxResult) {
        return resumptions.of(task, round, maxResult);
    }

    @Override
    public int forget(int days) {
        return jdbc.update(
                """
                delete from delegation d where d.created_at < now() - make_interval(days => ?)
                    and not exists (select from task_open o where o.task_id in (d.task, d.root))
                """,
                days);
    }

    /** What is below a task was made of its texts. */
    @Override
    public void erase(UUID task) {
        List<UUID> below = jdbc.queryForList(TREE_OF + "select id from below", UUID.class, task);
        Rows.update(
                jdbc,
                "delete from task_input where task_id = any(?)",
                below,
                rows -> rows.column("uuid", id -> id));
        Rows.update(
                jdbc,
                "delete from task_output where task_id = any(?)",
                below,
                rows -> rows.column("uuid", id -> id));
        Rows.update(
                jdbc,
                """
                update task set failures = null,
                    failure_message = case when failure_code is null then null else 'erased' end
                where id = any(?)
                """,
                below,
                rows -> rows.column("uuid", id -> id));
        jdbc.update("update delegation_call set refusal = null where task = ?", task);
    }
}
