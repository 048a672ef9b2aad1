package io.llmfleet.producer.result;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.TaskState;
import io.llmfleet.producer.delegation.Delegator;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.OpenTasks.Interruption;
import io.llmfleet.wire.Delegated;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.UnreadableMessageException;
import java.time.Instant;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What a message on the reply exchange says. */
sealed interface Reply {

    /** The field of a {@link io.llmfleet.model.Result.Succeeded} that callers wait for. */
    String OUTPUT = "output";

    Envelope envelope();

    /** A worker or the router ended the task. */
    record Ended(Envelope envelope, FinalOutcome outcome) implements Reply {}

    /** A worker got the message redelivered and did not run it. */
    record Interrupted(Envelope envelope, Interruption interruption) implements Reply {}

    /** A worker's attempt is over, and the task goes on when others have done their part. */
    record Delegates(Envelope envelope, Map<String, Object> headers, Delegator.Asked asked)
            implements Reply {

        FinalOutcome failed(String why) {
            return Reply.failed(
                    envelope, headers, Failure.of(FailureCode.OUTPUT_INVALID, why).permanent());
        }
    }

    /**
     * @throws UnreadableMessageException if the headers or the body are not those of a reply
     */
    static Reply read(Map<String, Object> headers, byte[] body) {
        Envelope envelope = Envelope.fromHeaders(headers);
        String outcome = String.valueOf(headers.get(Headers.OUTCOME));
        return switch (outcome) {
            case RoutingKeys.SUCCEEDED -> new Ended(envelope, succeeded(envelope, headers, body));
            case RoutingKeys.FAILED ->
                    new Ended(envelope, failed(envelope, headers, Json.read(body, Failure.class)));
            case RoutingKeys.INTERRUPTED ->
                    new Interrupted(
                            envelope,
                            new Interruption(
                                    envelope.taskId(),
                                    envelope.epoch(),
                                    envelope.attempt(),
                                    envelope.interruptions(),
                                    envelope.failures()));
            case RoutingKeys.DELEGATED ->
                    new Delegates(envelope, headers, delegated(envelope, headers, body));
            default ->
                    throw new UnreadableMessageException("unknown outcome '" + outcome + "'", null);
        };
    }

    private static Delegator.Asked delegated(Envelope e, Map<String, Object> headers, byte[] body) {
        Delegated delegated = Json.read(body, Delegated.class);
        if (delegated.calls() == null
                || delegated.calls().isEmpty()
                || delegated.calls().stream().anyMatch(c -> c == null || c.id() == null)) {
            throw new UnreadableMessageException(
                    "the body of a delegated reply has no calls, each with an id", null);
        }
        return new Delegator.Asked(
                e.taskId(), e.epoch(), delegated, e.failures(), startedAt(headers));
    }

    private static FinalOutcome succeeded(Envelope e, Map<String, Object> headers, byte[] body) {
        requireResult(body);
        return new FinalOutcome(
                e.taskId(),
                e.epoch(),
                TaskState.SUCCEEDED,
                e.attempt(),
                null,
                startedAt(headers),
                Instant.now(),
                e.pool(),
                e.model(),
                e.route(),
                null,
                e.failures(),
                body,
                headers.get(Headers.LAST_SEQ) instanceof Number last ? last.intValue() : 0);
    }

    /** Callers get these bytes as they are; a result may be large, so no tree is built of it. */
    private static void requireResult(byte[] body) {
        boolean hasOutput = false;
        try (JsonParser json = Json.MAPPER.createParser(body)) {
            boolean object = json.nextToken() == JsonToken.START_OBJECT;
            while (object && json.nextToken() == JsonToken.PROPERTY_NAME) {
                hasOutput |= OUTPUT.equals(json.currentName());
                json.nextToken();
                json.skipChildren();
            }
            if (!object || !hasOutput || json.nextToken() != null) {
                throw new UnreadableMessageException(
                        "the body of a succeeded reply is not a JSON object with an output", null);
            }
        } catch (JacksonException e) {
            throw new UnreadableMessageException(
                    "the body of a succeeded reply is not JSON: " + Json.reason(e), e);
        }
    }

    private static FinalOutcome failed(Envelope e, Map<String, Object> headers, Failure failure) {
        return new FinalOutcome(
                e.taskId(),
                e.epoch(),
                switch (failure.code()) {
                    case DEADLINE_EXCEEDED -> TaskState.EXPIRED;
                    case CANCELLED -> TaskState.CANCELLED;
                    default -> TaskState.FAILED;
                },
                e.attempt(),
                startedAt(headers),
                Instant.now(),
                e.pool(),
                e.model(),
                e.route(),
                failure,
                e.failures(),
                null);
    }

    private static @org.jspecify.annotations.Nullable Instant startedAt(
            Map<String, Object> headers) {
        return headers.get(Headers.STARTED_AT) instanceof Number ms
                ? Instant.ofEpochMilli(ms.longValue())
                : null;
    }
}
