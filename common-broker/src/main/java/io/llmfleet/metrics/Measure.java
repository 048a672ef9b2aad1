package io.llmfleet.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Something that is measured: its name, what it means and what it is told apart by. Meters are made
 * from here alone, so all of one name have the same tags.
 *
 * @param name as Micrometer has it, with dots
 * @param meaning the description that is shown with it
 * @param bounds of a histogram's buckets; empty for the others
 * @param tags their keys, in the order in which values are given
 */
public record Measure(
        String name, Kind kind, String meaning, List<Duration> bounds, List<String> tags) {

    /** What Prometheus makes of a meter, and how its name ends there. */
    public enum Kind {
        COUNTER("counter", "_total"),
        GAUGE("gauge", ""),
        /** A gauge of a time. */
        SECONDS("gauge", "_seconds"),
        HISTOGRAM("histogram", "_seconds"),
        SUMMARY("summary", "");

        private final String word;
        private final String suffix;

        Kind(String word, String suffix) {
            this.word = word;
            this.suffix = suffix;
        }
    }

    public static Measure counter(String name, String meaning, String... tags) {
        return new Measure(name, Kind.COUNTER, meaning, List.of(), List.of(tags));
    }

    public static Measure gauge(String name, String meaning, String... tags) {
        return new Measure(name, Kind.GAUGE, meaning, List.of(), List.of(tags));
    }

    public static Measure seconds(String name, String meaning, String... tags) {
        return new Measure(name, Kind.SECONDS, meaning, List.of(), List.of(tags));
    }

    public static Measure histogram(String name, Buckets buckets, String meaning, String... tags) {
        return new Measure(name, Kind.HISTOGRAM, meaning, buckets.bounds(), List.of(tags));
    }

    public static Measure summary(String name, String meaning, String... tags) {
        return new Measure(name, Kind.SUMMARY, meaning, List.of(), List.of(tags));
    }

    /** The name that Prometheus shows; of a histogram without {@code _bucket} and its like. */
    public String shown() {
        return name.replace('.', '_') + kind.suffix;
    }

    /** As documents list it: name, kind and tags. */
    @Override
    public String toString() {
        return shown() + " " + kind.word + " " + tags;
    }

    public Counter counter(MeterRegistry registry, String... values) {
        return Counter.builder(name).description(meaning).tags(tagged(values)).register(registry);
    }

    public Timer timer(MeterRegistry registry, String... values) {
        return Timer.builder(name)
                .description(meaning)
                .tags(tagged(values))
                .serviceLevelObjectives(bounds.toArray(Duration[]::new))
                .register(registry);
    }

    public DistributionSummary summary(MeterRegistry registry, String... values) {
        return DistributionSummary.builder(name)
                .description(meaning)
                .tags(tagged(values))
                .register(registry);
    }

    /** The gauge keeps what it asks. */
    public <T> void gauge(
            MeterRegistry registry, T asked, ToDoubleFunction<T> value, String... values) {
        Gauge.builder(name, asked, value)
                .description(meaning)
                .baseUnit(kind == Kind.SECONDS ? "seconds" : null)
                .tags(tagged(values))
                .strongReference(true)
                .register(registry);
    }

    public Tagged<Counter> counters(MeterRegistry registry) {
        return new Tagged<>(values -> counter(registry, values));
    }

    public Tagged<Timer> timers(MeterRegistry registry) {
        return new Tagged<>(values -> timer(registry, values));
    }

    public TaggedGauge gauges(MeterRegistry registry) {
        return new TaggedGauge(this, registry);
    }

    private Tags tagged(String... values) {
        if (values.length != tags.size()) {
            throw new IllegalArgumentException(
                    name + " has the tags " + tags + ", but got " + List.of(values));
        }
        List<String> pairs = new ArrayList<>(values.length * 2);
        for (int i = 0; i < values.length; i++) {
            pairs.add(tags.get(i));
            pairs.add(values[i]);
        }
        return Tags.of(pairs.toArray(String[]::new));
    }
}
