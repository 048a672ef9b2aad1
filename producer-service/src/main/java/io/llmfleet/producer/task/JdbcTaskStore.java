package io.llmfleet.producer.task;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.TurnOptions.OnFailure;
import io.llmfleet.producer.task.TurnOptions.WhileRunning;
import io.llmfleet.wire.Delegation;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.TaskBody;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Accepts tasks, many in one transaction, and reads them. */
final class JdbcTaskStore {

    /**
     * A task with its wire body and whether it was claimed for dispatch when it was accepted.
     *
     * @param key at most one task of a tenant is accepted with it; null for none
     * @param claimed it may be dispatched right after the commit; else it waits in the store
     * @param held set if it waits for its turn in its conversation
     */
    record Acceptance(
            NewTask task,
            OpenTask open,
            boolean claimed,
            @Nullable OnceKey key,
            AtomicBoolean held) {

        Acceptance(NewTask task, OpenTask open, boolean claimed, @Nullable OnceKey key) {
            this(task, open, claimed, key, new AtomicBoolean());
        }
    }

    /** One call, so that accepting costs one round trip, one commit and no planning. */
    private static final String ACCEPT =
            "call task_accept(%s)".formatted(String.join(", ", Collections.nCopies(22, "?")));

    private static final String ENTER = "select turn_enter(?, ?, ?, ?, ?, ?, ?)";

    private static final String DESCEND =
            """
            with x as (
                select * from unnest(?, ?, ?, ?, ?, ?, ?, ?)
                    as x(id, parent, root, depth, max_depth, max_tasks, max_tokens, delegates)),
            child as (update task t set parent = x.parent from x where t.id = x.id and x.parent is not null),
            open as (update task_open o set parent = x.parent from x where o.task_id = x.id and x.parent is not null)
            insert into delegation (task, root, depth, max_depth, max_tasks, max_tokens)
            select id, root, depth, max_depth, max_tasks, max_tokens from x where delegates
            """;

    /** What {@code turn_enter} raises. */
    private static final String BUSY = "LF001";

    private static final String ERASE =
            """
            update task set metadata = null, conversation = null, webhook = null, failures = null,
                failure_message = case when failure_code is null then null else 'erased' end
            where tenant = ? and id = ?
            """;

    /** With what is said as output, and further joins; without a condition. */
    static final String SELECT_ALL =
            """
            select t.*, o.task_id is not null as open, o.state as open_state, o.epoch as open_epoch,
                o.attempt as open_attempt, o.sent_at as open_sent_at, o.started_at as open_started_at,
                o.pool as open_pool, o.model as open_model, o.route_reason as open_route_reason, %s as output
            from task t left join task_open o on o.task_id = t.id %s
            """;

    private static final String SELECT = SELECT_ALL + " where t.tenant = ?";
    private static final String SELECT_ONE =
            SELECT.formatted("r.body", "left join task_output r on r.task_id = t.id")
                    + " and t.id = ?";
    private static final String SELECT_MANY = SELECT.formatted("null::bytea", "");

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final List<Tasks.Keeper> keepers;

    JdbcTaskStore(JdbcTemplate jdbc, TransactionTemplate transactions, List<Tasks.Keeper> keepers) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.keepers = List.copyOf(keepers);
    }

    static OpenTask open(NewTask task) {
        return new OpenTask(
                task.id(),
                task.tenant(),
                task.type(),
                task.target(),
                task.priority(),
                1,
                1,
                0,
                io.llmfleet.model.Ids.timeOf(task.id()),
                task.deadline(),
                task.callLimit(),
                task.conversation(),
                task.conversation() == null ? null : task.turn(),
                List.of(),
                task.traceParent(),
                task.key(),
                0,
                Json.bytes(new TaskBody(task.input(), task.parameters(), told(task))));
    }

    private static @Nullable Delegation told(NewTask task) {
        Lineage lineage = task.lineage();
        return lineage == null ? null : lineage.told();
    }

    /** Writes all or nothing. */
    void insert(List<Acceptance> unsorted) {
        List<Acceptance> group =
                unsorted.stream().sorted(Comparator.comparing(a -> a.task().id())).toList();
        List<Acceptance> turns =
                group.stream().filter(a -> a.task().conversation() != null).toList();
        List<Acceptance> kin = group.stream().filter(a -> a.task().lineage() != null).toList();
        if (turns.isEmpty() && kin.isEmpty()) {
            accept(group);
            return;
        }
        transactions.executeWithoutResult(
                tx -> {
                    accept(group);
                    descend(kin);
                    Set<UUID> held = enter(turns);
                    turns.forEach(a -> a.held().set(held.contains(a.task().id())));
                });
    }

    private void accept(List<Acceptance> group) {
        Rows.update(
                jdbc,
                ACCEPT,
                group,
                rows -> {
                    task(rows);
                    rows.bytes(a -> a.open().body()).column("bool", Acceptance::claimed);
                    key(rows);
                });
    }

    /** Notes the place of tasks in their trees. */
    private void descend(List<Acceptance> kin) {
        Rows.update(
                jdbc,
                DESCEND,
                kin.stream().map(Acceptance::task).toList(),
                rows ->
                        rows.column("uuid", NewTask::id)
                                .column("uuid", t -> lineage(t).parent())
                                .column("uuid", t -> lineage(t).root(t.id()))
                                .column("int4", t -> lineage(t).depth())
                                .column("int4", t -> lineage(t).limits().maxDepth())
                                .column("int4", t -> lineage(t).limits().maxTasks())
                                .column("int8", t -> lineage(t).limits().maxTokens())
                                .column("bool", t -> lineage(t).told() != null));
    }

    private static Lineage lineage(NewTask task) {
        return Objects.requireNonNull(task.lineage());
    }

    /** Gives tasks their turns, and returns those that are held. */
    private Set<UUID> enter(List<Acceptance> turns) {
        try {
            return Set.copyOf(
                    Rows.query(
                            jdbc,
                            ENTER,
                            turns,
                            JdbcTaskStore::turn,
                            (row, n) -> row.getObject(1, UUID.class)));
        } catch (DataAccessException e) {
            if (e.getMostSpecificCause() instanceof SQLException sql
                    && BUSY.equals(sql.getSQLState())) {
                throw new ConversationBusyException(why(sql), e);
            }
            throw e;
        }
    }

    /** The first line, without the word for its severity. */
    private static String why(SQLException busy) {
        String line = String.valueOf(busy.getMessage()).lines().findFirst().orElse("");
        return line.substring(line.indexOf(' ') + 1);
    }

    private static void turn(Rows<Acceptance> rows) throws SQLException {
        rows.column("uuid", a -> a.task().id())
                .column("text", a -> a.task().tenant())
                .column("text", a -> a.task().conversation())
                .column("bool", a -> a.task().turn().onFailure() == OnFailure.HALT)
                .column("bool", a -> a.task().turn().whileRunning() == WhileRunning.REJECT)
                .column("bool", a -> a.task().turn().whileRunning() == WhileRunning.INTERRUPT)
                .column("text", a -> a.task().turn().json());
    }

    private static void task(Rows<Acceptance> rows) throws SQLException {
        rows.column("uuid", a -> a.task().id())
                .column("text", a -> a.task().tenant())
                .column("text", a -> a.task().type())
                .column("text", a -> a.task().target())
                .column("int2", a -> a.task().priority().ordinal())
                .time(a -> a.open().createdAt())
                .time(a -> a.task().deadline())
                .column("int8", a -> a.task().callLimit().toMillis())
                .column("text", a -> a.task().conversation())
                .column("text", a -> metadata(a.task().metadata()))
                .column("text", a -> a.task().webhook())
                .column("int2", a -> a.task().webhookKind().number())
                .column("uuid", a -> a.task().batch());
        reply(rows);
        rows.column("text", a -> a.task().traceParent()).column("uuid", a -> a.task().key());
    }

    private static void key(Rows<Acceptance> rows) throws SQLException {
        rows.column("text", a -> a.key() == null ? null : a.key().key())
                .column("text", a -> a.key() == null ? null : a.key().fingerprint());
    }

    private static void reply(Rows<Acceptance> rows) throws SQLException {
        rows.column("text", a -> a.task().replyTo() == null ? null : a.task().replyTo().user())
                .column(
                        "text",
                        a -> a.task().replyTo() == null ? null : a.task().replyTo().address())
                .column(
                        "text",
                        a ->
                                a.task().replyTo() == null
                                        ? null
                                        : a.task().replyTo().correlationId());
    }

    private static @Nullable String metadata(Map<String, String> metadata) {
        return metadata.isEmpty() ? null : Json.write(metadata);
    }

    boolean erase(String tenant, UUID id) {
        Boolean found =
                transactions.execute(
                        tx -> {
                            boolean mine = jdbc.update(ERASE, tenant, id) > 0;
                            if (mine) {
                                jdbc.update("delete from task_input where task_id = ?", id);
                                jdbc.update("delete from task_output where task_id = ?", id);
                                keepers.forEach(k -> k.erase(id));
                            }
                            return mine;
                        });
        return Boolean.TRUE.equals(found);
    }

    Optional<TaskView> find(String tenant, UUID id) {
        return jdbc.query(SELECT_ONE, TaskRow::read, tenant, id).stream().findFirst();
    }

    Optional<byte[]> input(String tenant, UUID id) {
        return jdbc
                .query(
                        """
                        select i.body from task t join task_input i on i.task_id = t.id
                        where t.tenant = ? and t.id = ?
                        """,
                        (row, n) -> row.getBytes("body"),
                        tenant,
                        id)
                .stream()
                .findFirst();
    }

    Optional<KeyedTask> findOnce(String tenant, String key) {
        return jdbc
                .query(
                        "select task_id, fingerprint from task_key where tenant = ? and key = ?",
                        (row, n) ->
                                new KeyedTask(
                                        row.getObject("task_id", UUID.class),
                                        row.getString("fingerprint")),
                        tenant,
                        key)
                .stream()
                .findFirst();
    }

    List<TaskView> list(TaskFilter filter) {
        StringBuilder sql = new StringBuilder(SELECT_MANY);
        List<Object> arguments = new ArrayList<>(List.of(filter.tenant()));
        restrict(sql, arguments, " and t.type = ?", filter.type());
        restrict(sql, arguments, " and t.target = ?", filter.target());
        // Every turn has a number; the index of turns has those that do.
        restrict(
                sql,
                arguments,
                " and t.conversation = ? and t.conversation_seq is not null",
                filter.conversation());
        restrict(sql, arguments, " and t.batch = ?", filter.batch());
        restrict(sql, arguments, " and t.parent = ?", filter.parent());
        restrict(sql, arguments, " and t.id < ?", filter.after());
        TaskState state = filter.state();
        if (state != null) {
            restrict(
                    sql,
                    arguments,
                    state.isFinal() ? " and t.state = ?" : " and o.state = ?",
                    state.number());
        }
        sql.append(" order by t.id desc limit ?");
        arguments.add(filter.limit());
        return jdbc.query(sql.toString(), TaskRow::read, arguments.toArray());
    }

    private static void restrict(
            StringBuilder sql, List<Object> arguments, String condition, @Nullable Object value) {
        if (value != null) {
            sql.append(condition);
            arguments.add(value);
        }
    }
}
