package io.llmfleet.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import io.llmfleet.cli.FleetApi;
import io.llmfleet.system.PageTimes.Sight;
import io.llmfleet.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measures the console on a store with as many tasks as the property {@code console.tasks} says. It
 * has no name of a test, since it is run by hand on a machine that does nothing else.
 */
class ConsoleSizeTrial {

    private static final Path FIGURES = Path.of("target/console");
    private static final int TASKS = Integer.getInteger("console.tasks", 1_000_000);
    private static final int RATE = Integer.getInteger("console.rate", 1000);
    private static final int TIMES = 5;
    private static final double A_SECOND = 1000;
    private static final String ROWS = "tbody tr";

    @TempDir static Path folder;
    private static RunningFleet fleet;
    private static BigStore store;
    private static ConsoleBrowser browser;
    private static String tenant;

    @BeforeAll
    static void up() throws Exception {
        fleet =
                RunningFleet.start(
                        folder, Map.of("FLEET_INSTANT_ENABLED", "true", "FLEET_SLOTS", "64"));
        store = new BigStore(fleet.fleet().home().database().endpoint());
        tenant = store.one("select tenant from access_key");
        store.fill(TASKS, tenant);
        browser = new ConsoleBrowser(fleet.url());
        Files.createDirectories(FIGURES);
    }

    @AfterAll
    static void down() {
        if (browser != null) {
            browser.close();
        }
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void everyPageIsPaintedWithinASecond() throws Exception {
        List<Sight> sights = sights();
        sights.forEach(ConsoleSizeTrial::visit);
        List<List<PageTimes>> times = sights.stream().map(ConsoleSizeTrial::visits).toList();

        String table = PageTimes.table(sights, times);
        System.out.println(table);
        Files.writeString(FIGURES.resolve("pages.md"), table);
        assertThat(times).allMatch(t -> PageTimes.median(t, PageTimes::painted) < A_SECOND);
        assertThat(browser.complaints()).isEmpty();
    }

    private static PageTimes visit(Sight sight) {
        return browser.time(sight, fleet.key());
    }

    private static List<PageTimes> visits(Sight sight) {
        return IntStream.range(0, TIMES).mapToObj(i -> visit(sight)).toList();
    }

    private static List<Sight> sights() throws SQLException {
        String mine = " where tenant = '" + tenant + "'";
        String task = store.one("select max(id::text) from task" + mine + " and state = 10");
        String talk = store.one("select max(key) from conversation" + mine);
        String letter = store.one("select max(id::text) from dead_letter" + mine);
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.putObject("input").put("message", "Where is it?").put("knowledge", "It is late.");
        String run =
                fleet.api().post("/pipelines/customer-service/runs", body).path("id").asString();
        return List.of(
                new Sight("live", "/live", ROWS),
                new Sight("tasks", "/tasks", ROWS),
                new Sight("tasks, of a rare state", "/tasks?state=EXPIRED", ROWS),
                new Sight("tasks, of a type that none has", "/tasks?type=embed", ".empty"),
                new Sight("tasks, of a conversation", "/tasks?conversation=" + talk, ROWS),
                new Sight("new task", "/tasks/new", "form.submit"),
                new Sight("task", "/tasks/" + task, ".facts"),
                new Sight("runs", "/runs", ROWS),
                new Sight("run", "/runs/" + run, ".facts"),
                new Sight("conversations", "/conversations", ROWS),
                new Sight("conversation", "/conversations/" + talk, ".turns li"),
                new Sight("dead letters, by code", "/dead-letters", ROWS),
                new Sight("dead letters, by reason", "/dead-letters?by=reason&state=", ROWS),
                new Sight("dead letter", "/dead-letters/" + letter, ".facts"),
                new Sight("automatic replays", "/dead-letters/policies", ".empty"),
                new Sight("capacity", "/capacity", ".facts"),
                new Sight("usage", "/usage", ".uplot canvas"));
    }

    @Test
    void pagesThatAreLookedAtStayAsSmallAsTheyAre() throws Exception {
        Map<String, Page> pages = new LinkedHashMap<>();
        for (String name : List.of("live", "tasks")) {
            Page page = browser.signedIn(new Browser.NewContextOptions(), fleet.key());
            browser.open(page, "/" + name);
            pages.put(name, page);
        }
        Map<String, List<Map<String, Long>>> seen = new LinkedHashMap<>();
        Instant began = Instant.now();
        try (ScheduledExecutorService load = load()) {
            for (int seconds = 10; seconds <= 60; seconds += 10) {
                Duration left = Duration.between(Instant.now(), began.plusSeconds(seconds));
                // Whoever waits in a page lets it work on.
                pages.get("live").waitForTimeout(Math.max(0, left.toMillis()));
                pages.forEach(
                        (name, page) ->
                                seen.computeIfAbsent(name, n -> new ArrayList<>())
                                        .add(browser.memory(page)));
            }
            load.shutdownNow();
        }
        tell(seen, began);
        seen.values().forEach(ConsoleSizeTrial::requireBounded);
    }

    private static ScheduledExecutorService load() {
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", "generate");
        task.putObject("input").put("prompt", "x".repeat(500));
        FleetApi api = fleet.api();
        ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
        load.scheduleAtFixedRate(
                () -> api.submitBulk(Collections.nCopies(RATE, task)), 0, 1, TimeUnit.SECONDS);
        return load;
    }

    private static void tell(Map<String, List<Map<String, Long>>> seen, Instant began)
            throws Exception {
        double seconds = Duration.between(began, Instant.now()).toMillis() / 1e3;
        String since = " from task where created_at >= '" + began + "'";
        StringBuilder text = new StringBuilder();
        text.append(
                "%.0f tasks/s accepted, %.0f/s final%n%n"
                        .formatted(
                                Integer.parseInt(store.one("select count(*)" + since)) / seconds,
                                Integer.parseInt(store.one("select count(state)" + since))
                                        / seconds));
        text.append("| page | after | heap | nodes | listeners |\n|---|---|---|---|---|\n");
        seen.forEach(
                (name, all) -> {
                    for (int i = 0; i < all.size(); i++) {
                        Map<String, Long> m = all.get(i);
                        text.append(
                                "| %s | %d s | %.2f MB | %d | %d |%n"
                                        .formatted(
                                                name,
                                                10 * (i + 1),
                                                m.get("JSHeapUsedSize") / 1e6,
                                                m.get("Nodes"),
                                                m.get("JSEventListeners")));
                    }
                });
        System.out.println(text);
        Files.writeString(FIGURES.resolve("memory.md"), text);
    }

    private static void requireBounded(List<Map<String, Long>> seen) {
        Map<String, Long> first = seen.getFirst();
        Map<String, Long> last = seen.getLast();
        assertThat(last.get("JSEventListeners")).isEqualTo(first.get("JSEventListeners"));
        assertThat(last.get("Nodes")).isLessThan(first.get("Nodes") + 100);
        assertThat(last.get("JSHeapUsedSize")).isLessThan(first.get("JSHeapUsedSize") + 500_000);
    }
}
