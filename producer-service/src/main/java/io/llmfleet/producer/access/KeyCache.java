package io.llmfleet.producer.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers who has a key without asking the store at each request, and never from what is older than
 * {@link #LIFE}: so long a revoked key may still work on another replica.
 *
 * <p>In the second half of an answer's life one request has it looked up anew in the background, so
 * a key in steady use never waits for the store. Unknown keys are not remembered: a new one works
 * at once, and nobody fills the memory with guesses.
 */
final class KeyCache {

    static final Duration LIFE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(KeyCache.class);
    private static final Duration REFRESH = LIFE.dividedBy(2);
    private static final int MOST = 10_000;

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Function<String, Optional<Caller>> lookup;
    private final Executor background;
    private final Clock clock;

    private record Entry(Caller caller, Instant at, AtomicBoolean refreshing) {}

    /**
     * @param lookup asks the store by a secret's hash
     */
    KeyCache(Function<String, Optional<Caller>> lookup, Executor background, Clock clock) {
        this.lookup = lookup;
        this.background = background;
        this.clock = clock;
    }

    Optional<Caller> get(String hash) {
        Entry entry = entries.get(hash);
        if (entry == null) {
            return load(hash);
        }
        Duration age = Duration.between(entry.at(), clock.instant());
        if (age.compareTo(LIFE) >= 0) {
            return load(hash);
        }
        if (age.compareTo(REFRESH) >= 0 && entry.refreshing().compareAndSet(false, true)) {
            background.execute(() -> refresh(hash));
        }
        return Optional.of(entry.caller());
    }

    void clear() {
        entries.clear();
    }

    private void refresh(String hash) {
        try {
            load(hash);
        } catch (RuntimeException e) {
            log.debug("a key was not looked up anew: {}", e.toString());
        }
    }

    private Optional<Caller> load(String hash) {
        // The answer is as old as the question.
        Instant asked = clock.instant();
        Optional<Caller> caller = lookup.apply(hash);
        if (caller.isEmpty()) {
            entries.remove(hash);
            return caller;
        }
        if (entries.size() >= MOST) {
            entries.clear();
        }
        entries.put(hash, new Entry(caller.get(), asked, new AtomicBoolean()));
        return caller;
    }
}
