package io.llmfleet.producer.deadletter;

import io.llmfleet.producer.deadletter.DeadLetters.Copied;
import io.llmfleet.producer.deadletter.DeadLetters.Decision;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.ParsedTask;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.TaskBody;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Runs edited copies of letters' tasks: the copy is checked like any new task, and accepted in the
 * transaction that decides about the letter.
 */
final class LetterCopies {

    private static final String MORE =
            "select api_key, webhook, webhook_kind, turn_options, reply_user, reply_to, correlation_id from task where id = ?";

    /** What a task's view does not tell. */
    private record More(
            @Nullable UUID key,
            @Nullable String webhook,
            @Nullable String turn,
            NewTask.@Nullable ReplyTo replyTo) {}

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final LetterDecisions decisions;
    private final Tasks tasks;
    private final TaskRequestParser parser;

    LetterCopies(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            LetterDecisions decisions,
            Tasks tasks,
            TaskRequestParser parser) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.decisions = decisions;
        this.tasks = tasks;
        this.parser = parser;
    }

    Copied copy(DeadLetter letter, JsonNode changes, String traceParent) {
        if (letter.state() != DeadLetter.State.OPEN) {
            return new Copied.Refused(Decision.DECIDED_BEFORE);
        }
        Optional<TaskView> view = view(letter);
        Optional<byte[]> body = input(letter);
        if (view.isEmpty() || body.isEmpty()) {
            return new Copied.Refused(Decision.IMPOSSIBLE);
        }
        return switch (parse(view.get(), body.get(), changes, traceParent)) {
            case ParsedTask.Invalid invalid -> new Copied.Invalid(invalid.errors());
            case ParsedTask.Valid valid -> submit(letter.id(), view.get().id(), valid.task());
        };
    }

    /** What its task was asked. */
    Optional<byte[]> input(DeadLetter letter) {
        return view(letter).flatMap(v -> tasks.input(v.tenant(), v.id()));
    }

    private Optional<TaskView> view(DeadLetter letter) {
        String tenant = letter.tenant();
        UUID task = letter.taskId();
        return tenant == null || task == null ? Optional.empty() : tasks.find(tenant, task);
    }

    private ParsedTask parse(TaskView view, byte[] body, JsonNode changes, String traceParent) {
        More more = jdbc.query(MORE, LetterCopies::more, view.id()).getFirst();
        JsonNode request =
                CopyRequest.of(
                        view,
                        Json.read(body, TaskBody.class),
                        more.webhook(),
                        more.turn(),
                        changes);
        return parser.parse(
                request,
                TaskOrigin.of(view.tenant(), more.key(), traceParent).answeringTo(more.replyTo()));
    }

    private Copied submit(UUID letter, UUID task, NewTask copy) {
        return Objects.requireNonNull(
                transactions.execute(
                        tx -> {
                            if (!decisions.hold(letter)) {
                                return new Copied.Refused(Decision.DECIDED_BEFORE);
                            }
                            tasks.submitWithin(copy);
                            decisions.copied(letter, task, copy.id());
                            return new Copied.Done(copy.id());
                        }));
    }

    private static More more(ResultSet row, int number) throws SQLException {
        String user = row.getString("reply_user");
        String address = row.getString("reply_to");
        boolean asTask = row.getInt("webhook_kind") == 0;
        return new More(
                row.getObject("api_key", UUID.class),
                asTask ? row.getString("webhook") : null,
                row.getString("turn_options"),
                user == null || address == null
                        ? null
                        : new NewTask.ReplyTo(user, address, row.getString("correlation_id")));
    }
}
