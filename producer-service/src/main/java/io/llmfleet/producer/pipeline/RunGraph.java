package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.producer.pipeline.definition.Step;
import io.llmfleet.producer.pipeline.run.StepRecord;
import io.llmfleet.producer.pipeline.run.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws a run as a Mermaid flowchart: its steps with their states and times. */
public final class RunGraph {

    private static final String CLASSES =
            """
                classDef pending fill:#f5f5f5,stroke:#999,color:#555
                classDef running fill:#dbeafe,stroke:#2563eb,color:#1e3a8a
                classDef waiting fill:#fef3c7,stroke:#d97706,color:#78350f
                classDef succeeded fill:#dcfce7,stroke:#16a34a,color:#14532d
                classDef skipped fill:#f5f5f5,stroke:#999,color:#999,stroke-dasharray:4
                classDef failed fill:#fee2e2,stroke:#dc2626,color:#7f1d1d
                classDef replaced fill:#fef3c7,stroke:#dc2626,color:#7f1d1d,stroke-dasharray:4
                classDef cancelled fill:#e5e7eb,stroke:#6b7280,color:#374151
            """;

    private RunGraph() {}

    /**
     * @param definition of the run
     * @param now for steps that are not over
     */
    public static String mermaid(Run run, Pipeline definition, Instant now) {
        StringBuilder graph = new StringBuilder("flowchart TD\n");
        for (Step step : definition.steps()) {
            StepRecord record =
                    run.steps().stream()
                            .filter(s -> s.id().equals(step.id()))
                            .findFirst()
                            .orElse(StepRecord.pending(step.id()));
            graph.append("    ").append(node(step, record, run, now)).append('\n');
            edges(step).forEach(e -> graph.append("    ").append(e).append('\n'));
        }
        return graph.append(CLASSES).toString();
    }

    private static List<String> edges(Step step) {
        List<String> edges = new ArrayList<>();
        step.needs().forEach(n -> edges.add(n + " --> " + step.id()));
        if (step.standIn() != null) {
            edges.add(step.id() + " -. fallback .-> " + step.standIn());
        }
        return edges;
    }

    private static String node(Step step, StepRecord record, Run run, Instant now) {
        String label =
                step.id() + "<br/>" + record.state() + time(record, now) + items(record, run);
        return step.id()
                + "[\""
                + label
                + "\"]:::"
                + record.state().name().toLowerCase(Locale.ROOT);
    }

    private static String time(StepRecord record, Instant now) {
        Instant started = record.startedAt();
        if (started == null || record.state() == StepState.SKIPPED) {
            return "";
        }
        Instant end = record.finishedAt() == null ? now : record.finishedAt();
        double seconds = Duration.between(started, end).toMillis() / 1000.0;
        return String.format(Locale.ROOT, " %.1f s", seconds);
    }

    private static String items(StepRecord record, Run run) {
        long tasks = run.calls().stream().filter(c -> c.key().step().equals(record.id())).count();
        String text = tasks > 1 ? "<br/>" + tasks + " tasks" : "";
        return record.items() == null ? text : "<br/>" + record.items().size() + " items" + text;
    }
}
