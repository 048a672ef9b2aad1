package io.llmfleet.cli.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A chart in SVG of values between powers of ten over x from 0 to 1: lines for what is computed,
 * dots for what was observed.
 */
final class LogChart {

    private static final int LEFT = 70;
    private static final int TOP = 50;
    private static final int WIDTH = 560;
    private static final int HEIGHT = 360;
    private static final List<String> COLOURS = List.of("#1f5fa8", "#b3470f", "#2c7a3f", "#7a3fa0");

    private final String title;
    private final String x;
    private final String y;
    private final int lowest;
    private final int highest;
    private final List<Series> series = new ArrayList<>();

    /** A point; one that is below the chart is left out. */
    record Point(double x, double y) {}

    private record Series(String name, List<Point> line, List<Point> dots) {}

    /**
     * @param lowest exponent of ten at the bottom
     * @param highest exponent of ten at the top
     */
    LogChart(String title, String x, String y, int lowest, int highest) {
        this.title = title;
        this.x = x;
        this.y = y;
        this.lowest = lowest;
        this.highest = highest;
    }

    LogChart add(String name, List<Point> line, List<Point> dots) {
        series.add(new Series(name, visible(line), visible(dots)));
        return this;
    }

    private List<Point> visible(List<Point> points) {
        return points.stream()
                .filter(p -> p.y() >= Math.pow(10, lowest) && p.y() <= Math.pow(10, highest))
                .toList();
    }

    String svg() {
        StringBuilder out = new StringBuilder();
        add(
                out,
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>",
                LEFT + WIDTH + 20,
                TOP + HEIGHT + 60);
        add(out, "<rect width='100%%' height='100%%' fill='white'/>");
        text(out, LEFT + WIDTH / 2.0, 24, "middle", title);
        grid(out);
        for (int i = 0; i < series.size(); i++) {
            draw(out, series.get(i), COLOURS.get(i % COLOURS.size()), TOP + 20 + 18 * i);
        }
        return out.append("</svg>\n").toString();
    }

    private void grid(StringBuilder out) {
        for (int tenth = 0; tenth <= 10; tenth++) {
            double at = px(tenth / 10.0);
            add(out, "<path d='M%.1f %d V%d' stroke='#ddd'/>", at, TOP, TOP + HEIGHT);
            text(out, at, TOP + HEIGHT + 18, "middle", "%.1f".formatted(tenth / 10.0));
        }
        for (int power = lowest; power <= highest; power++) {
            double at = py(Math.pow(10, power));
            add(out, "<path d='M%d %.1f H%d' stroke='#ddd'/>", LEFT, at, LEFT + WIDTH);
            text(
                    out,
                    LEFT - 8,
                    at + 4,
                    "end",
                    power < 0 ? "0." + "0".repeat(-power - 1) + "1" : "1" + "0".repeat(power));
        }
        text(out, LEFT + WIDTH / 2.0, TOP + HEIGHT + 42, "middle", x);
        add(
                out,
                "<text transform='translate(18 %d) rotate(-90)' text-anchor='middle'>%s</text>",
                TOP + HEIGHT / 2,
                y);
    }

    private void draw(StringBuilder out, Series one, String colour, int legend) {
        String path =
                one.line().stream()
                        .map(p -> String.format(Locale.ROOT, "%.1f %.1f", px(p.x()), py(p.y())))
                        .collect(Collectors.joining(" L"));
        add(out, "<path d='M%s' fill='none' stroke='%s' stroke-width='1.5'/>", path, colour);
        one.dots().forEach(p -> dot(out, px(p.x()), py(p.y()), colour));
        dot(out, LEFT + 16, legend, colour);
        add(out, "<path d='M%d %d h24' stroke='%s' stroke-width='1.5'/>", LEFT + 4, legend, colour);
        text(out, LEFT + 36, legend + 4, "start", one.name());
    }

    private static void dot(StringBuilder out, double x, double y, String colour) {
        add(out, "<circle cx='%.1f' cy='%.1f' r='3' fill='%s'/>", x, y, colour);
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String text) {
        add(out, "<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>", x, y, anchor, text);
    }

    private static void add(StringBuilder out, String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static double px(double x) {
        return LEFT + x * WIDTH;
    }

    private double py(double y) {
        return TOP + HEIGHT * (highest - Math.log10(y)) / (highest - lowest);
    }
}
