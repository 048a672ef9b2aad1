package io.llmfleet.worker.execution;

import io.llmfleet.type.TaskType;
import io.llmfleet.wire.Delta;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import io.llmfleet.worker.backend.DeltaSink;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Groups the pieces of one call: the first goes out at once, later ones together, so that a reader
 * sees text flow and the broker does not carry every token alone.
 */
final class GroupedDeltas implements DeltaSink {

    private static final long EARLY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long EARLY_GAP_NANOS = Duration.ofMillis(20).toNanos();
    private static final long LATE_GAP_NANOS = Duration.ofMillis(100).toNanos();
    private static final Set<String> TEXT_ONLY = Set.of("role", "content");

    private final Envelope task;
    private final boolean wanted;
    private final DeltaOutbox outbox;
    private final ScheduledExecutorService schedule;
    private final StringBuilder text = new StringBuilder();
    private int seq;
    private long firstAt;
    private long lastAt;
    private boolean scheduled;
    private boolean ended;

    GroupedDeltas(
            Envelope task, boolean wanted, DeltaOutbox outbox, ScheduledExecutorService schedule) {
        this.task = task;
        this.wanted = wanted;
        this.outbox = outbox;
        this.schedule = schedule;
    }

    @Override
    public boolean wanted() {
        return wanted;
    }

    @Override
    public synchronized void add(JsonNode choices) {
        if (ended) {
            return;
        }
        String piece = textOnly(choices);
        if (piece != null) {
            text.append(piece);
        } else {
            flushText();
            ArrayNode pieces = pieces(choices);
            if (!pieces.isEmpty()) {
                publish(null, pieces);
            }
        }
        flushOrSchedule();
    }

    @Override
    public synchronized void startAnew() {
        if (seq > 0 || !text.isEmpty()) {
            text.setLength(0);
            publish(null, null);
        }
    }

    /**
     * Sends what is left; an answer that came in one piece is passed on whole.
     *
     * @param output of the task's type
     * @return how many deltas there were
     */
    synchronized int end(TaskType type, JsonNode output) {
        if (wanted && seq == 0 && text.isEmpty()) {
            whole(type, output);
        }
        flushText();
        ended = true;
        outbox.hurry();
        return seq;
    }

    private void whole(TaskType type, JsonNode output) {
        TaskType.Prompt prompt = type.prompt();
        if (prompt != null && prompt.textField() != null) {
            text.append(output.path(prompt.textField()).asString(""));
            return;
        }
        ArrayNode choices = Json.MAPPER.createArrayNode();
        for (JsonNode choice : output.path("choices")) {
            ObjectNode piece = choices.addObject();
            piece.set(
                    "index",
                    choice.path("index").isInt() ? choice.get("index") : piece.numberNode(0));
            piece.set("delta", choice.path("message"));
        }
        add(choices);
    }

    private void flushOrSchedule() {
        if (text.isEmpty() || scheduled) {
            return;
        }
        long now = System.nanoTime();
        long gap = now - firstAt < EARLY_NANOS ? EARLY_GAP_NANOS : LATE_GAP_NANOS;
        long wait = seq == 0 ? 0 : lastAt + gap - now;
        if (wait <= 0) {
            flushText();
        } else {
            scheduled = true;
            var _ = schedule.schedule(this::flushLater, wait, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void flushLater() {
        scheduled = false;
        if (!ended) {
            flushText();
        }
    }

    private void flushText() {
        if (!text.isEmpty()) {
            publish(text.toString(), null);
            text.setLength(0);
        }
    }

    private void publish(@Nullable String piece, @Nullable JsonNode choices) {
        lastAt = System.nanoTime();
        if (seq == 0) {
            firstAt = lastAt;
        }
        outbox.publish(
                task.type(),
                new Delta(task.taskId(), task.epoch(), task.attempt(), ++seq, piece, choices));
        if (seq == 1) {
            outbox.hurry();
        }
    }

    /** The text of a chunk that is nothing but the next piece of the one answer, else null. */
    private static @Nullable String textOnly(JsonNode choices) {
        if (choices.size() != 1) {
            return null;
        }
        JsonNode choice = choices.get(0);
        JsonNode delta = choice.path("delta");
        boolean plain =
                choice.path("index").asInt(0) == 0
                        && !choice.path("logprobs").isObject()
                        && delta.propertyNames().stream()
                                .allMatch(n -> TEXT_ONLY.contains(n) || delta.get(n).isNull());
        return plain ? delta.path("content").asString("") : null;
    }

    /** Without what the final result says: roles, and why choices ended. */
    private static ArrayNode pieces(JsonNode choices) {
        ArrayNode pieces = Json.MAPPER.createArrayNode();
        for (JsonNode choice : choices) {
            if (choice.path("delta") instanceof ObjectNode delta) {
                ObjectNode piece = Json.MAPPER.createObjectNode();
                piece.set(
                        "index",
                        choice.path("index").isInt() ? choice.get("index") : piece.numberNode(0));
                ObjectNode said = delta.deepCopy();
                said.remove("role");
                piece.set("delta", said);
                if (choice.path("logprobs").isObject()) {
                    piece.set("logprobs", choice.get("logprobs"));
                }
                if (!said.isEmpty()) {
                    pieces.add(piece);
                }
            }
        }
        return pieces;
    }
}
