package io.llmfleet.system;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How long a page takes that is opened with nothing in the browser's cache, in milliseconds from
 * the start of the navigation.
 *
 * @param painted when the first text was on the screen
 * @param drawn when what it is about was
 */
record PageTimes(double painted, double drawn) {

    /** What is opened, and the element that is there once its data are. */
    record Sight(String name, String hash, String drawn) {}

    private static final String WATCH =
            """
            (([key, secret, wanted]) => {
              sessionStorage.setItem(key, secret);
              const watcher = new MutationObserver(() => {
                if (document.querySelector(wanted)) {
                  watcher.disconnect();
                  // The frame that has it is the next one but one at the latest.
                  requestAnimationFrame(() => setTimeout(() => (window.drawnAt = performance.now())));
                }
              });
              watcher.observe(document, { childList: true, subtree: true, attributes: true });
            })(%s)
            """;

    private static final String READ =
            """
            () => new Promise((done, fail) => {
              const look = () => {
                const paint = performance.getEntriesByName('first-contentful-paint')[0];
                if (paint && window.drawnAt) {
                  done([paint.startTime, window.drawnAt]);
                } else if (performance.now() > 30_000) {
                  fail(new Error(`${location.hash} is not drawn: ${document.body.innerText}`));
                } else {
                  setTimeout(look, 20);
                }
              };
              look();
            })
            """;

    static String watching(String script) {
        return WATCH.formatted(script);
    }

    static PageTimes of(Page page) {
        List<?> read = (List<?>) page.evaluate(READ);
        return new PageTimes(number(read.getFirst()), number(read.getLast()));
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    /** A table in Markdown: the median of each page's times, and the slowest. */
    static String table(List<Sight> sights, List<List<PageTimes>> times) {
        return IntStream.range(0, sights.size())
                .mapToObj(i -> row(sights.get(i), times.get(i)))
                .collect(
                        Collectors.joining(
                                "\n",
                                "| page | first paint | data drawn |\n|---|---|---|\n",
                                "\n"));
    }

    private static String row(Sight sight, List<PageTimes> times) {
        return "| %s | %s | %s |"
                .formatted(
                        sight.name(),
                        figures(times, PageTimes::painted),
                        figures(times, PageTimes::drawn));
    }

    private static String figures(List<PageTimes> times, ToDoubleFunction<PageTimes> what) {
        double slowest = times.stream().mapToDouble(what).max().orElseThrow();
        return "%.0f ms (%.0f)".formatted(median(times, what), slowest);
    }

    static double median(List<PageTimes> times, ToDoubleFunction<PageTimes> what) {
        return times.stream()
                .mapToDouble(what)
                .sorted()
                .skip(times.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
