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
 * Answers who has a key, and what it may, without asking the store at each request, and never from
 * what is older than {@link #LIFE}: so long a revoked key may still work on another replica.
 *
 * <p>In the second half of an answer's life one request has it looked up anew in the background, so
 * a key in steady use never waits for the store. Unknown keys are not remembered: a new one works
 * at once, and nobody fills the memory with guesses.
 *
 * @param <K> how a key is asked for
 * @param <V> what is known of it
 */
final class KeyCache<K, V> {

    static final Duration LIFE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(KeyCache.class);
    private static final Duration REFRESH = LIFE.dividedBy(2);
    private static final int MOST = 10_000;

    private final Map<K, Entry<V>> entries = new ConcurrentHashMap<>();
    private final Function<K, Optional<V>> lookup;
    private final Executor background;
    private final Clock clock;

    private record Entry<V>(V value, Instant at, AtomicBoolean refreshing) {}

    /**
     * @param lookup asks the store
     */
    KeyCache(Function<K, Optional<V>> lookup, Executor background, Clock clock) {
        this.lookup = lookup;
        this.background = background;
        this.clock = clock;
    }

    Optional<V> get(K key) {
        Entry<V> entry = entries.get(key);
        if (entry == null) {
            return load(key);
        }
        Duration age = Duration.between(entry.at(), clock.instant());
        if (age.compareTo(LIFE) >= 0) {
            return load(key);
        }
        if (age.compareTo(REFRESH) >= 0 && entry.refreshing().compareAndSet(false, true)) {
            background.execute(() -> refresh(key));
        }
        return Optional.of(entry.value());
    }

    void clear() {
        entries.clear();
    }

    private void refresh(K key) {
        try {
            load(key);
        } catch (RuntimeException e) {
            log.debug("a key was not looked up anew: {}", e.toString());
        }
    }

    private Optional<V> load(K key) {
        // The answer is as old as the question.
        Instant asked = clock.instant();
        Optional<V> value = lookup.apply(key);
        if (value.isEmpty()) {
            entries.remove(key);
            return value;
        }
        if (entries.size() >= MOST) {
            entries.clear();
        }
        entries.put(key, new Entry<>(value.get(), asked, new AtomicBoolean()));
        return value;
    }
}
