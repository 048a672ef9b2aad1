package io.llmfleet.system.bench;

import java.util.Locale;

/** The report as people read it. */
final class BenchText {

    private BenchText() {}

    static String of(BenchReport r) {
        StringBuilder text = new StringBuilder();
        line(text, "machine      %s; %s", r.machine(), r.broker());
        line(
                text,
                "three hops   %.0f messages/s through each, %d bytes",
                r.ceilingPerSecond(),
                r.payloadBytes());
        line(
                text,
                "fleet        %.0f tasks/s, %d tasks by bulk, median of %d",
                r.tasksPerSecond(),
                r.tasks(),
                r.rounds().size());
        line(text, "ratio        %.2f", r.ratio());
        r.processes()
                .forEach(
                        (name, cost) ->
                                line(
                                        text,
                                        "%-12s %.2f CPU s per 1,000 tasks, %.0f MB",
                                        name,
                                        cost.cpuSecondsPerThousandTasks(),
                                        cost.memoryMegabytes()));
        line(text, "REST         %.0f single requests/s with their answers", r.restPerSecond());
        r.latencies()
                .forEach(
                        l ->
                                line(
                                        text,
                                        "latency      p50 %.1f ms, p90 %.1f, p99 %.1f, p99.9 %.1f, max %.1f (%s, %.0f tasks/s)",
                                        l.p50Ms(),
                                        l.p90Ms(),
                                        l.p99Ms(),
                                        l.p999Ms(),
                                        l.maxMs(),
                                        l.path(),
                                        l.tasksPerSecond()));
        return text.toString().stripTrailing();
    }

    static String of(ModelReport r) {
        StringBuilder text = new StringBuilder();
        line(text, "machine      %s; %s", r.machine(), r.broker());
        line(
                text,
                "calls        of %.1f s in the mean, exponential, in %d slots",
                r.serviceSeconds(),
                r.slots());
        r.runs()
                .forEach(
                        run ->
                                line(
                                        text,
                                        "rho %.1f      mean wait %.3f s predicted, %.3f measured"
                                                + " (%+.0f %%), %.3f in an ideal line;"
                                                + " utilisation %.2f; Little %.2f (%d tasks)",
                                        run.rho(),
                                        run.predicted(),
                                        run.measured(),
                                        run.errorPercent(),
                                        run.ideal(),
                                        run.utilisation(),
                                        run.little(),
                                        run.tasks()));
        return text.toString().stripTrailing();
    }

    static String of(PriorityReport r) {
        StringBuilder text = new StringBuilder();
        line(text, "machine      %s; %s", r.machine(), r.broker());
        line(
                text,
                "calls        of %d ms in %d slots, %d low tasks waiting, %d tasks running",
                r.callMillis(),
                r.slots(),
                r.backlog(),
                r.running());
        r.waits()
                .forEach(
                        w ->
                                line(
                                        text,
                                        "high waits   p50 %d ms, p95 %d, max %d (%s, %d tasks)",
                                        w.p50(),
                                        w.p95(),
                                        w.max(),
                                        w.when(),
                                        w.tasks()));
        return text.toString().stripTrailing();
    }

    static String of(StreamReport r) {
        StringBuilder text = new StringBuilder();
        line(text, "machine      %s; %s", r.machine(), r.broker());
        line(text, "side by side %d calls/s each way", r.callsPerSecond());
        compare(text, "first piece", r.firstDirect(), r.firstFleet());
        compare(text, "whole answer", r.totalDirect(), r.totalFleet());
        line(
                text,
                "one hop      p50 %.1f ms through a quorum queue of the idle broker, p95 %.1f: 2 hops come before the first piece, 3 before the end",
                r.hop().p50(),
                r.hop().p95());
        line(
                text,
                "at once      %d streams, %.0f pieces/s each: age of a piece p50 %.1f ms, p95 %.1f, p99 %.1f, max %.1f",
                r.streams(),
                r.piecesPerSecond(),
                r.age().p50(),
                r.age().p95(),
                r.age().p99(),
                r.age().max());
        return text.toString().stripTrailing();
    }

    private static void compare(
            StringBuilder text,
            String what,
            StreamReport.Percentiles direct,
            StreamReport.Percentiles fleet) {
        line(
                text,
                "%-12s p50 %.1f ms direct, %.1f through the fleet (%.1f more); p95 %.1f, %.1f (%.1f more)",
                what,
                direct.p50(),
                fleet.p50(),
                fleet.p50() - direct.p50(),
                direct.p95(),
                fleet.p95(),
                fleet.p95() - direct.p95());
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
