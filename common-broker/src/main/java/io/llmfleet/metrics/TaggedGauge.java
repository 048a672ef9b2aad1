package io.llmfleet.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gauges of one measure that are all told at once, by the values of their tags. What is left out
 * the next time is 0 from then on, and does not vanish.
 */
public final class TaggedGauge {

    private final Map<List<String>, Cell> cells = new ConcurrentHashMap<>();
    private final Measure measure;
    private final MeterRegistry registry;

    private static final class Cell {
        private volatile double value;
    }

    TaggedGauge(Measure measure, MeterRegistry registry) {
        this.measure = measure;
        this.registry = registry;
    }

    /** Of a measure without tags. */
    public void set(double value) {
        set(Map.of(List.of(), value));
    }

    public void set(Map<List<String>, ? extends Number> values) {
        values.keySet().forEach(key -> cells.computeIfAbsent(key, this::register));
        cells.forEach(
                (key, cell) -> {
                    Number value = values.get(key);
                    cell.value = value == null ? 0 : value.doubleValue();
                });
    }

    private Cell register(List<String> key) {
        Cell cell = new Cell();
        measure.gauge(registry, cell, c -> c.value, key.toArray(String[]::new));
        return cell;
    }
}
