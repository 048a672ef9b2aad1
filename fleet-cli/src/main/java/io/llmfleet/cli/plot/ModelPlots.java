package io.llmfleet.cli.plot;

import io.llmfleet.capacity.ServiceTime;
import io.llmfleet.capacity.SimulatedLine;
import io.llmfleet.capacity.WaitingLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What the model computes over the utilisation, as lines, and what is simulated, as dots. */
public final class ModelPlots {

    private static final int SLOTS = 4;
    private static final int TASKS = 1_000_000;

    /** The same dots whenever and wherever they are drawn. */
    private static final long SEED = 6;

    private static final Map<String, Double> SHAPES = new LinkedHashMap<>();

    static {
        SHAPES.put("much variation (cv2 = 4)", 4.0);
        SHAPES.put("exponential (cv2 = 1)", 1.0);
        SHAPES.put("constant (cv2 = 0)", 0.0);
    }

    private ModelPlots() {}

    /**
     * @param folder gets {@code model-wait.svg} and {@code model-p95.svg}
     */
    public static List<Path> write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path mean = folder.resolve("model-wait.svg");
        Path p95 = folder.resolve("model-p95.svg");
        Files.writeString(
                mean,
                chart(
                        "Mean wait",
                        WaitingLine::meanWait,
                        w -> Arrays.stream(w).average().orElse(0)));
        Files.writeString(
                p95, chart("95 % wait no longer than", l -> l.waitQuantile(0.95), ModelPlots::p95));
        return List.of(mean, p95);
    }

    private static String chart(
            String what, ToDoubleFunction<WaitingLine> model, ToDoubleFunction<double[]> observed) {
        LogChart chart =
                new LogChart(
                        what + " with " + SLOTS + " slots: model (lines), simulated (dots)",
                        "utilisation rho",
                        "wait, in mean service times",
                        -4,
                        2);
        SHAPES.forEach(
                (name, cv2) ->
                        chart.add(
                                name,
                                IntStream.rangeClosed(10, 97)
                                        .mapToObj(i -> line(i / 100.0, cv2))
                                        .map(l -> point(l, model.applyAsDouble(l)))
                                        .toList(),
                                IntStream.rangeClosed(2, 19)
                                        .mapToObj(i -> line(i / 20.0, cv2))
                                        .map(l -> point(l, observed.applyAsDouble(simulated(l))))
                                        .toList()));
        return chart.svg();
    }

    private static WaitingLine line(double rho, double cv2) {
        return new WaitingLine(rho * SLOTS, SLOTS, new ServiceTime(1, cv2));
    }

    private static double[] simulated(WaitingLine line) {
        return SimulatedLine.waits(line, TASKS, new Random(SEED));
    }

    private static LogChart.Point point(WaitingLine line, double y) {
        return new LogChart.Point(line.utilisation(), y);
    }

    private static double p95(double[] waits) {
        Arrays.sort(waits);
        return waits[(int) (waits.length * 0.95)];
    }
}
