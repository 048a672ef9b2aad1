package io.llmfleet.system.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.llmfleet.cli.local.Brokers;
import io.llmfleet.cli.local.LocalBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;

/**
 * Every expression of dashboards, rules and alerts against a real Prometheus that scrapes a fleet
 * under load; then the fleet is hurt until every alert has fired. The steps are in order, as each
 * hurts it more. Skipped where Docker does not answer or cannot get Prometheus.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ObservabilityIT {

    /** One broker node has no peers, and no message is miscounted: these are tested by promtool. */
    private static final Set<String> BY_PROMTOOL =
            Set.of("FleetBrokerPartitioned", "FleetMessagesUnaccounted");

    /** The load has failures, as a fleet that is well may have, too. */
    private static final Set<String> OF_A_HEALTHY_FLEET = Set.of("FleetDeadLettersWaiting");

    /** RabbitMQ before 4 does not tell. */
    private static final String NOT_ON_EVERY_BROKER = "rabbitmq_unreachable_cluster_peers_count";

    private static final int FORGIVEN = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern LABEL = Pattern.compile("\\$labels\\.(\\w+)");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

    @TempDir static Path folder;
    private static ObservedFleet fleet;
    private static Faults faults;
    private static PrometheusServer prometheus;
    private static Instant start;

    @BeforeAll
    static void up() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            abort("Docker does not answer");
        }
        fleet = new ObservedFleet(folder.resolve("home"), broker());
        fleet.start();
        faults = new Faults(fleet);
        prometheus = new PrometheusServer(fleet.targets());
        try {
            prometheus.start();
        } catch (ContainerFetchException e) {
            abort("Docker cannot get " + PrometheusServer.IMAGE);
        }
        // The first scrape of a cold process may take too long.
        await().atMost(PATIENCE)
                .until(
                        () ->
                                prometheus.scrapesAll()
                                        && OF_A_HEALTHY_FLEET.containsAll(prometheus.firing()));
        start = Instant.now();
    }

    /** The one that was asked for, else whichever there is. */
    private static String broker() {
        String wanted = System.getenv("FLEET_TEST_BROKER");
        if (wanted != null && !wanted.isBlank()) {
            return wanted;
        }
        return LocalBroker.available() || !Brokers.dockerAvailable() ? "local" : "docker";
    }

    @AfterAll
    static void down() {
        if (prometheus != null) {
            prometheus.close();
        }
        if (faults != null) {
            faults.calm();
        }
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    @Order(1)
    void shippedFilesAreWhatPromtoolAccepts() {
        for (Path file : ShippedFiles.ruleFiles()) {
            assertThat(prometheus.promtool("check", "rules", PrometheusServer.shipped(file)))
                    .isNull();
        }
        assertThat(
                        prometheus.promtool(
                                "check",
                                "config",
                                PrometheusServer.shipped(
                                        ShippedFiles.PROMETHEUS.resolve("prometheus.yml"))))
                .isNull();
        for (Path file : ShippedFiles.ruleTests()) {
            assertThat(prometheus.promtool("test", "rules", PrometheusServer.shipped(file)))
                    .isNull();
        }
    }

    @Test
    @Order(2)
    void everyRecordingRuleHasValuesUnderLoad() {
        Set<String> names =
                ShippedFiles.rules().stream()
                        .filter(r -> !r.isAlert())
                        .map(Rule::name)
                        .collect(Collectors.toCollection(TreeSet::new));

        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> {
                            names.removeIf(name -> !prometheus.query(name).isEmpty());
                            assertThat(names).as("without a value so far").isEmpty();
                        });
        assertThat(prometheus.brokenRules()).isEmpty();
    }

    @Test
    @Order(3)
    void noAlertFiresWhileAllIsWell() {
        // A scrape of a machine that is busy may come late and raise one; a false alarm would stay.
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            Instant lately = Instant.now().minusSeconds(10);
                            Set<String> fired = new TreeSet<>(prometheus.firedSince(lately));
                            fired.removeAll(OF_A_HEALTHY_FLEET);
                            assertThat(fired).isEmpty();
                        });
        assertThat(fleet.load().badRequests()).isEmpty();
    }

    @Test
    @Order(4)
    void faultsThatAFleetLivesWithRaiseTheirAlerts() {
        Instant before = Instant.now();
        faults.loseSecondWorkerUnderWork();
        faults.makeHighWait();
        faults.breakBackend();
        faults.failWebhooks();
        faults.spendBudget();
        fleet.load().refuse(4);
        faults.unbindLowOfFirstPool();
        faults.deadLetterIntoNothing();
        faults.publishOldEvents();
        faults.holdUpTheRouter();
        double free =
                await().until(
                                () -> prometheus.value("rabbitmq_disk_space_available_bytes"),
                                bytes -> bytes > 0);
        faults.fillDiskNearly(free);

        awaitAlerts(
                before,
                "FleetInstanceDown",
                "FleetPoolWithoutWorkers",
                "FleetPoolStalled",
                "FleetQueueWaitLong",
                "FleetBackendFailing",
                "FleetBreakerOpen",
                "FleetWebhooksFailing",
                "FleetBudgetSpent",
                "FleetTasksFailing",
                "FleetDeadLettersWaiting",
                "FleetDeadLettersGrowing",
                "FleetWorkQueueRefuses",
                "FleetDeadLetteringStuck",
                "FleetStreamReaderBehind",
                "FleetConfirmsSlow",
                "FleetBrokerNearAlarm");
        faults.calm();
    }

    @Test
    @Order(5)
    void aBrokerThatTakesNothingRaisesItsAlerts() throws Exception {
        Instant before = Instant.now();
        faults.raiseAlarm();
        faults.cancelTasksOfClient();
        // What may be on its way between two scrapes is forgiven, and less of it when less moves.
        fleet.load().pause();
        await().atMost(PATIENCE)
                .until(
                        () ->
                                prometheus.value("fleet:fleet_tasks_unaccounted:tolerance10m")
                                        < FORGIVEN);
        assertThat(faults.loseTasksOfSecondPool()).isGreaterThan(FORGIVEN);

        awaitAlerts(
                before,
                "FleetPublishingBlocked",
                "FleetOutboxLag",
                "FleetResultsLate",
                "FleetTasksUnaccounted");
        fleet.load().resume();
        faults.clearAlarm();
    }

    @Test
    @Order(6)
    void anOutageRaisesItsAlerts() {
        Instant before = Instant.now();
        faults.killBrokerDatabaseAndRouter();

        awaitAlerts(
                before,
                "FleetBrokerDown",
                "FleetLinkDown",
                "FleetServiceDown",
                "FleetStoreAway",
                "FleetApiErrors");
    }

    @Test
    @Order(7)
    void everyAlertHasFiredOrIsTestedByPromtool() {
        Set<String> all =
                ShippedFiles.alerts().stream()
                        .map(Rule::name)
                        .collect(Collectors.toCollection(TreeSet::new));
        String tests =
                ShippedFiles.ruleTests().stream()
                        .map(ShippedFiles::text)
                        .collect(Collectors.joining("\n"));
        assertThat(BY_PROMTOOL).allMatch(name -> tests.contains("alertname: " + name));
        all.removeAll(BY_PROMTOOL);

        assertThat(prometheus.firedSince(start)).containsAll(all);
    }

    @Test
    @Order(8)
    void everyAlertHasTheLabelsThatItsTextNames() {
        Set<String> missing = new TreeSet<>();
        for (Rule alert : ShippedFiles.alerts()) {
            String fired = "ALERTS{alertname=\"" + alert.name() + "\"}";
            Matcher label = LABEL.matcher(alert.annotations().toString());
            while (!BY_PROMTOOL.contains(alert.name()) && label.find()) {
                if (prometheus.labelValues(fired, label.group(1)).isEmpty()) {
                    missing.add(alert.name() + ": " + label.group(1));
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    @Order(9)
    void everyAlertAsksForSeriesThatExist() {
        Set<String> missing = new TreeSet<>();
        for (Rule alert : ShippedFiles.alerts()) {
            for (String selector : prometheus.selectors(alert.expression())) {
                if (!selector.contains(NOT_ON_EVERY_BROKER)
                        && prometheus.labelValues(selector, "__name__").isEmpty()) {
                    missing.add(alert.name() + ": " + selector);
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    @Order(10)
    void everyPanelHasShownSomething() {
        Set<String> empty = new TreeSet<>();
        for (Dashboard dashboard : ShippedFiles.dashboards()) {
            Map<String, String> values = dashboard.choices(prometheus::labelValues);
            for (Dashboard.Panel panel : dashboard.panels()) {
                for (String expression : panel.expressions()) {
                    if (prometheus.seriesSince(start, Dashboard.substitute(expression, values))
                            == 0) {
                        empty.add(dashboard.file() + ", " + panel.title() + ": " + expression);
                    }
                }
            }
        }

        assertThat(empty).isEmpty();
    }

    private static void awaitAlerts(Instant since, String... names) {
        Set<String> missing = new TreeSet<>(List.of(names));
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> {
                            missing.removeAll(prometheus.firedSince(since));
                            assertThat(missing).as("not firing so far").isEmpty();
                        });
    }
}
