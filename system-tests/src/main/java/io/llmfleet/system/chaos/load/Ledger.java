package io.llmfleet.system.chaos.load;

import io.llmfleet.system.chaos.load.Attempt.Answered;
import io.llmfleet.system.chaos.load.Attempt.Way;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Everything that clients asked for and were answered; a task is in it before it is sent. */
public final class Ledger {

    private final String prefix;
    private final AtomicLong count = new AtomicLong();
    private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();
    private final Map<String, Integer> replays = new ConcurrentHashMap<>();

    /**
     * @param prefix of all keys
     */
    public Ledger(String prefix) {
        this.prefix = prefix;
    }

    /** A task that is about to be sent; returns its key. */
    public String attempt(Way way) {
        return attempt(way, Attempt.SUCCEEDS, null);
    }

    public String attempt(Way way, Set<String> expected, @Nullable String conversation) {
        String key = "%s-%07d".formatted(prefix, count.incrementAndGet());
        attempts.put(
                key, new Attempt(key, way, Answered.UNKNOWN, null, null, expected, conversation));
        return key;
    }

    /**
     * @param taskId null where the client was not told
     */
    public void accepted(String key, @Nullable String taskId) {
        attempts.computeIfPresent(
                key,
                (k, a) ->
                        new Attempt(
                                k,
                                a.way(),
                                Answered.ACCEPTED,
                                taskId,
                                Instant.now(),
                                a.expected(),
                                a.conversation()));
    }

    public void refused(String key) {
        attempts.computeIfPresent(
                key,
                (k, a) ->
                        new Attempt(
                                k,
                                a.way(),
                                Answered.REFUSED,
                                null,
                                null,
                                a.expected(),
                                a.conversation()));
    }

    /** From now on these final states of the task keep the promise. */
    public void expect(String key, String... states) {
        attempts.computeIfPresent(
                key,
                (k, a) ->
                        new Attempt(
                                k,
                                a.way(),
                                a.answered(),
                                a.taskId(),
                                a.acceptedAt(),
                                Set.of(states),
                                a.conversation()));
    }

    /** The task was replayed, so that one more final of it is right. */
    public void replayed(String taskId) {
        replays.merge(taskId, 1, Integer::sum);
    }

    public Map<String, Integer> replays() {
        return Map.copyOf(replays);
    }

    public @Nullable Attempt find(String key) {
        return attempts.get(key);
    }

    public int size() {
        return attempts.size();
    }

    public long acceptedCount() {
        return attempts.values().stream().filter(Attempt::accepted).count();
    }

    /** All of them, in the order in which they were sent. */
    public List<Attempt> all() {
        return attempts.values().stream().sorted(Comparator.comparing(Attempt::key)).toList();
    }
}
