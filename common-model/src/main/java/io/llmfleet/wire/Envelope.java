package io.llmfleet.wire;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * What every message about a task says of it in its headers; the body ({@link TaskBody}) passes
 * untouched.
 *
 * @param epoch fencing token: results of an older epoch have no effect
 * @param attempt number of this attempt, counted from 1
 * @param interruptions how often the message came back redelivered
 * @param callLimit how long one attempt may take
 * @param pool the router's choice, once it is made
 * @param model the router's choice, where the target or a rule names one
 * @param waitingSince when the router first found no live worker
 * @param failures what earlier attempts came to, oldest first
 * @param traceParent W3C {@code traceparent}
 * @param budgetUsed how much of the day's budget was used when the task was dispatched, in percent;
 *     null where there is none
 */
public record Envelope(
        UUID taskId,
        String type,
        String target,
        Priority priority,
        String tenant,
        int epoch,
        int attempt,
        int maxAttempts,
        int interruptions,
        Instant createdAt,
        Instant deadline,
        Duration callLimit,
        @Nullable String conversation,
        @Nullable String pool,
        @Nullable String model,
        @Nullable String route,
        @Nullable Instant waitingSince,
        List<AttemptFailure> failures,
        String traceParent,
        @Nullable Integer budgetUsed) {

    /** Same major: unknown headers are ignored. A newer major is not understood. */
    public static final String VERSION = "1.0";

    private static final int MAJOR = 1;
    private static final int FAILURES_KEPT = 10;
    private static final TypeReference<List<AttemptFailure>> FAILURE_LIST =
            new TypeReference<>() {};

    public Envelope {
        failures =
                List.copyOf(
                        failures.subList(
                                Math.max(0, failures.size() - FAILURES_KEPT), failures.size()));
    }

    /** One of a tenant without a budget. */
    public Envelope(
            UUID taskId,
            String type,
            String target,
            Priority priority,
            String tenant,
            int epoch,
            int attempt,
            int maxAttempts,
            int interruptions,
            Instant createdAt,
            Instant deadline,
            Duration callLimit,
            @Nullable String conversation,
            @Nullable String pool,
            @Nullable String model,
            @Nullable String route,
            @Nullable Instant waitingSince,
            List<AttemptFailure> failures,
            String traceParent) {
        this(
                taskId,
                type,
                target,
                priority,
                tenant,
                epoch,
                attempt,
                maxAttempts,
                interruptions,
                createdAt,
                deadline,
                callLimit,
                conversation,
                pool,
                model,
                route,
                waitingSince,
                failures,
                traceParent,
                null);
    }

    /** Identifies this dispatch of the task; a message that is sent again keeps it. */
    public String messageId() {
        return taskId + ":" + epoch + ":" + attempt;
    }

    public Envelope routed(String toPool, @Nullable String toModel, String why) {
        return new Envelope(
                taskId,
                type,
                target,
                priority,
                tenant,
                epoch,
                attempt,
                maxAttempts,
                interruptions,
                createdAt,
                deadline,
                callLimit,
                conversation,
                toPool,
                toModel,
                why,
                null,
                failures,
                traceParent,
                budgetUsed);
    }

    /** The same message of a tenant that has used so much of its budget, in percent. */
    public Envelope budgetUsed(int percent) {
        return new Envelope(
                taskId,
                type,
                target,
                priority,
                tenant,
                epoch,
                attempt,
                maxAttempts,
                interruptions,
                createdAt,
                deadline,
                callLimit,
                conversation,
                pool,
                model,
                route,
                waitingSince,
                failures,
                traceParent,
                percent);
    }

    /** The next attempt, after a failure that counts. */
    public Envelope nextAttempt(AttemptFailure failure) {
        var all = new java.util.ArrayList<>(failures);
        all.add(failure);
        return with(attempt + 1, interruptions, waitingSince, all);
    }

    /** The same attempt with its last failure. */
    public Envelope failedForGood(AttemptFailure failure) {
        var all = new java.util.ArrayList<>(failures);
        all.add(failure);
        return with(attempt, interruptions, waitingSince, all);
    }

    /** The same message after one more worker was stopped by it. */
    public Envelope interrupted() {
        return with(attempt, interruptions + 1, waitingSince, failures);
    }

    public Envelope waitingSince(Instant since) {
        return with(attempt, interruptions, since, failures);
    }

    /** The same message as a step of a trace that another step follows from. */
    public Envelope traced(String newTraceParent) {
        return newTraceParent.equals(traceParent)
                ? this
                : with(attempt, interruptions, waitingSince, failures, newTraceParent);
    }

    private Envelope with(
            int newAttempt,
            int newInterruptions,
            @Nullable Instant newWaitingSince,
            List<AttemptFailure> newFailures) {
        return with(newAttempt, newInterruptions, newWaitingSince, newFailures, traceParent);
    }

    private Envelope with(
            int newAttempt,
            int newInterruptions,
            @Nullable Instant newWaitingSince,
            List<AttemptFailure> newFailures,
            String newTraceParent) {
        return new Envelope(
                taskId,
                type,
                target,
                priority,
                tenant,
                epoch,
                newAttempt,
                maxAttempts,
                newInterruptions,
                createdAt,
                deadline,
                callLimit,
                conversation,
                pool,
                model,
                route,
                newWaitingSince,
                newFailures,
                newTraceParent,
                budgetUsed);
    }

    /** The headers of a message with this envelope; times are milliseconds since 1970 (UTC). */
    public Map<String, Object> toHeaders() {
        Map<String, Object> h = new LinkedHashMap<>(24);
        h.put(Headers.VERSION, VERSION);
        h.put(Headers.TASK_ID, taskId.toString());
        h.put(Headers.TYPE, type);
        h.put(Headers.TARGET, target);
        h.put(Headers.PRIORITY, priority.wire());
        h.put(Headers.TENANT, tenant);
        h.put(Headers.EPOCH, epoch);
        h.put(Headers.ATTEMPT, attempt);
        h.put(Headers.MAX_ATTEMPTS, maxAttempts);
        if (interruptions > 0) {
            h.put(Headers.INTERRUPTIONS, interruptions);
        }
        h.put(Headers.CREATED_AT, createdAt.toEpochMilli());
        h.put(Headers.DEADLINE, deadline.toEpochMilli());
        h.put(Headers.CALL_LIMIT, callLimit.toMillis());
        putIfPresent(h, Headers.CONVERSATION, conversation);
        putIfPresent(h, Headers.POOL, pool);
        putIfPresent(h, Headers.MODEL, model);
        putIfPresent(h, Headers.ROUTE, route);
        putIfPresent(
                h,
                Headers.WAITING_SINCE,
                waitingSince == null ? null : waitingSince.toEpochMilli());
        if (!failures.isEmpty()) {
            h.put(Headers.FAILURES, Json.write(failures));
        }
        h.put(Headers.TRACE_PARENT, traceParent);
        putIfPresent(h, Headers.BUDGET_USED, budgetUsed);
        return h;
    }

    /**
     * Reads {@link #toHeaders()}; values may be of any type whose {@code toString()} is the value.
     *
     * @throws NewerVersionException if the envelope is of a newer major version
     * @throws UnreadableMessageException if a header is missing or has a wrong value
     */
    public static Envelope fromHeaders(Map<String, ?> headers) {
        requireKnownVersion(headers);
        try {
            return new Envelope(
                    UUID.fromString(text(headers, Headers.TASK_ID)),
                    text(headers, Headers.TYPE),
                    text(headers, Headers.TARGET),
                    Priority.of(text(headers, Headers.PRIORITY)),
                    text(headers, Headers.TENANT),
                    Integer.parseInt(text(headers, Headers.EPOCH)),
                    Integer.parseInt(text(headers, Headers.ATTEMPT)),
                    Integer.parseInt(text(headers, Headers.MAX_ATTEMPTS)),
                    headers.containsKey(Headers.INTERRUPTIONS)
                            ? Integer.parseInt(text(headers, Headers.INTERRUPTIONS))
                            : 0,
                    time(headers, Headers.CREATED_AT),
                    time(headers, Headers.DEADLINE),
                    Duration.ofMillis(Long.parseLong(text(headers, Headers.CALL_LIMIT))),
                    optional(headers, Headers.CONVERSATION),
                    optional(headers, Headers.POOL),
                    optional(headers, Headers.MODEL),
                    optional(headers, Headers.ROUTE),
                    headers.containsKey(Headers.WAITING_SINCE)
                            ? time(headers, Headers.WAITING_SINCE)
                            : null,
                    failures(headers),
                    TraceParent.orNew(optional(headers, Headers.TRACE_PARENT)),
                    headers.containsKey(Headers.BUDGET_USED)
                            ? Integer.valueOf(text(headers, Headers.BUDGET_USED))
                            : null);
        } catch (IllegalArgumentException | JacksonException e) {
            throw new UnreadableMessageException(
                    "a header has a wrong value: " + e.getMessage(), e);
        }
    }

    private static void requireKnownVersion(Map<String, ?> headers) {
        String version = text(headers, Headers.VERSION);
        int major;
        try {
            major = Integer.parseInt(version.split("\\.", 2)[0]);
        } catch (NumberFormatException e) {
            major = 0;
        }
        if (major > MAJOR) {
            throw new NewerVersionException(version, MAJOR, headers);
        }
        if (major < MAJOR) {
            throw new UnreadableMessageException(
                    "envelope version " + version + " is unknown, accepted: " + MAJOR + ".x", null);
        }
    }

    private static List<AttemptFailure> failures(Map<String, ?> headers) {
        String json = optional(headers, Headers.FAILURES);
        return json == null ? List.of() : Json.MAPPER.readValue(json, FAILURE_LIST);
    }

    private static Instant time(Map<String, ?> headers, String name) {
        return Instant.ofEpochMilli(Long.parseLong(text(headers, name)));
    }

    private static String text(Map<String, ?> headers, String name) {
        String value = optional(headers, name);
        if (value == null) {
            throw new UnreadableMessageException("header " + name + " is missing", null);
        }
        return value;
    }

    private static @Nullable String optional(Map<String, ?> headers, String name) {
        Object value = headers.get(name);
        return value == null ? null : value.toString();
    }

    private static void putIfPresent(
            Map<String, Object> headers, String name, @Nullable Object value) {
        if (value != null) {
            headers.put(name, value);
        }
    }
}
