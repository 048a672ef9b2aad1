package io.llmfleet.broker;

import io.llmfleet.metrics.LinkMetrics;
import io.llmfleet.metrics.Measure;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.StreamSupport;

/** What a test's link has measured. */
final class LinkMeters {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LinkMetrics metrics = new LinkMetrics(registry);

    LinkMetrics metrics() {
        return metrics;
    }

    /** Counts and gauges of a measure, added up. */
    double sum(Measure measure, String... tags) {
        return registry.find(measure.name()).tags(tags).meters().stream()
                .mapToDouble(LinkMeters::value)
                .sum();
    }

    /** Messages that a publisher took and that are in no term of its equation. */
    double unaccountedPublished() {
        return sum(LinkMetrics.PUBLISH_ACCEPTED)
                - sum(LinkMetrics.PUBLISH_SETTLED)
                - sum(LinkMetrics.PUBLISH_UNCONFIRMED);
    }

    /** Deliveries that are in no term of the consumer's equation. */
    double unaccountedReceived() {
        return sum(LinkMetrics.CONSUMER_RECEIVED)
                - sum(LinkMetrics.CONSUMER_SETTLED)
                - sum(LinkMetrics.CONSUMER_HELD);
    }

    private static double value(Meter meter) {
        return StreamSupport.stream(meter.measure().spliterator(), false)
                .mapToDouble(m -> m.getValue())
                .findFirst()
                .orElse(0);
    }
}
