package io.llmfleet.producer.task;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.task.Delegations.Resumption;
import io.llmfleet.producer.task.Delegations.Tree;
import io.llmfleet.wire.Delegation;
import io.llmfleet.wire.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads what a task that has delegated is told when it goes on. */
final class JdbcResumptions {

    private static final String TREE =
            """
            select d.root, d.depth, r.max_depth, r.max_tasks, r.max_tokens, r.tasks, r.tokens
            from delegation d join delegation r on r.task = d.root where d.task = ?
            """;
    private static final String CALLS =
            """
            select c.call_id, c.child, c.refusal, t.state, t.failure_code, t.failure_message,
                octet_length(r.body) as size, case when octet_length(r.body) <= ? then r.body end as body
            from delegation_call c left join task t on t.id = c.child left join task_output r on r.task_id = c.child
            where c.task = ? and c.round = ? order by c.place
            """;

    private final JdbcTemplate jdbc;

    JdbcResumptions(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** The tree of a task, as it is now. */
    Optional<Tree> tree(UUID task) {
        return jdbc
                .query(
                        TREE,
                        (row, n) ->
                                new Tree(
                                        row.getObject("root", UUID.class),
                                        row.getInt("depth"),
                                        new DelegationLimits(
                                                row.getInt("max_depth"),
                                                row.getInt("max_tasks"),
                                                row.getLong("max_tokens")),
                                        row.getInt("tasks"),
                                        row.getLong("tokens")),
                        task)
                .stream()
                .findFirst();
    }

    /** See {@link Delegations#resumption}. */
    Optional<Resumption> of(UUID task, int round, long maxResult) {
        List<byte[]> continuation = new ArrayList<>();
        jdbc.query(
                "select continuation from delegation where task = ?",
                row -> {
                    byte[] json = row.getBytes(1);
                    if (json != null) {
                        continuation.add(json);
                    }
                },
                task);
        return tree(task)
                .map(
                        tree ->
                                new Resumption(
                                        tree,
                                        continuation.isEmpty() ? null : continuation.getFirst(),
                                        jdbc.query(
                                                CALLS,
                                                JdbcResumptions::told,
                                                maxResult,
                                                task,
                                                round)));
    }

    private static Delegation.Told told(ResultSet row, int number) throws SQLException {
        byte[] body = row.getBytes("body");
        return new Delegation.Told(
                row.getString("call_id"),
                row.getObject("child", UUID.class),
                body == null ? null : Json.tree(body).path("output"),
                body == null ? failure(row) : null);
    }

    private static String failure(ResultSet row) throws SQLException {
        String refusal = row.getString("refusal");
        if (refusal != null) {
            return refusal;
        }
        long size = row.getLong("size");
        if (size > 0) {
            return "the result has " + size + " bytes, which is more than a caller is given";
        }
        if (row.getObject("state") == null || row.getString("failure_code") == null) {
            return "the result is gone";
        }
        return TaskState.ofNumber(row.getInt("state"))
                + ": "
                + row.getString("failure_code")
                + ", "
                + row.getString("failure_message");
    }
}
