package io.llmfleet.router.rules;

import io.llmfleet.router.metrics.RouterMetrics;
import io.llmfleet.router.routing.Encoder;
import io.llmfleet.router.routing.RoutingProperties;
import io.llmfleet.router.routing.RuleBook;
import io.llmfleet.router.routing.RulesProperties;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The rules that hold: those of the properties, or those of a file, which is looked at again and
 * again. A changed file is taken as a whole or not at all; while it is wrong, the old rules stay.
 */
public final class ActiveRules implements Supplier<RuleBook>, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ActiveRules.class);

    private final RoutingProperties properties;
    private final Supplier<Encoder> encoder;
    private final RouterMetrics metrics;
    private final Consumer<RuleBook> taken;
    private final @Nullable Path file;
    private Look last = Look.NOTHING;
    private Look settled = Look.NOTHING;
    private volatile RuleBook rules;
    private volatile @Nullable Thread watcher;

    /**
     * @param encoder asked for when some rule has examples
     * @param taken is told of the first rules and of each that come later
     * @throws IllegalArgumentException if the first rules are wrong
     */
    public ActiveRules(
            RoutingProperties properties,
            Supplier<Encoder> encoder,
            RouterMetrics metrics,
            Consumer<RuleBook> taken) {
        this.properties = properties;
        this.encoder = encoder;
        this.metrics = metrics;
        this.taken = taken;
        this.file = properties.rulesFile();
        if (file == null) {
            rules = book("fleet.routing.", properties.own());
        } else {
            last = Look.at(file);
            settled = last;
            rules = book(last.bytes(file), file);
            log.info("{} rules of {} hold", rules.size(), file);
        }
        metrics.rules(() -> get().size());
        taken.accept(rules);
    }

    @Override
    public RuleBook get() {
        return rules;
    }

    @Override
    public void start() {
        if (file != null) {
            watcher = Thread.ofVirtual().name("rules").start(() -> watch(file));
        }
    }

    @Override
    public void stop() {
        Thread running = watcher;
        watcher = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return watcher != null;
    }

    private void watch(Path path) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(properties.fileCheck());
            } catch (InterruptedException e) {
                return;
            }
            look(path);
        }
    }

    /**
     * By its content: a mounted file may be another one under the same name and time. One that is
     * being written is not taken: it has to look the same twice.
     */
    private void look(Path path) {
        Look now = Look.at(path);
        if (!now.equals(last)) {
            last = now;
        } else if (!now.equals(settled)) {
            settled = now;
            take(now, path);
        }
    }

    private void take(Look look, Path path) {
        try {
            RuleBook next = book(look.bytes(path), path);
            rules = next;
            taken.accept(next);
            metrics.reloaded(true);
            log.info("{} rules of {} hold from now on", next.size(), path);
        } catch (RuntimeException e) {
            metrics.reloaded(false);
            log.warn("the rules stay as they were: {}", e.getMessage());
        }
    }

    private RuleBook book(byte[] yaml, Path path) {
        return book(path + ": ", RulesFile.read(path.toString(), yaml));
    }

    private RuleBook book(String where, RulesProperties said) {
        return new RuleBook(where, said, properties.pools(), encoder);
    }
}
