package io.llmfleet.router.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmfleet.router.metrics.RouterMetrics;
import io.llmfleet.router.routing.RoutingProperties;
import io.llmfleet.router.routing.RuleBook;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ActiveRulesTests {

    private static final String ONE =
            """
            rules:
              - name: canary
                types: [chat]
                priorities: [high, low]
                strategy: least-loaded
                candidates:
                  - {pool: default, model: new, weight: 5}
                  - {pool: spare, weight: 95, price: 0.01}
                fallbacks:
                  - old
                  - {pool: spare, model: older}
                fallback-on: [RATE_LIMITED]
                budget-from: 0.8
            tenants:
              acme: {allow: ["gpt-*"]}
            learning:
              half-life: 30m
            """;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final List<RuleBook> taken = new ArrayList<>();
    @TempDir private Path folder;
    private Path file;
    private ActiveRules rules;

    @AfterEach
    void stop() {
        if (rules != null) {
            rules.stop();
        }
    }

    @Test
    void fileIsReadAtTheStartAndAgainWhenItChanges() throws Exception {
        start(ONE);
        assertThat(rules.get().size()).isEqualTo(1);
        assertThat(rules.get().learns()).isTrue();

        replace("rules: []");

        await().until(() -> reloads("taken") == 1);
        assertThat(rules.get().size()).isZero();
        assertThat(taken).hasSize(2);
        assertThat(meters.get("fleet.router.rules").gauge().value()).isZero();
    }

    @Test
    void wrongFileLeavesTheOldRulesUntilItIsRight() throws Exception {
        start(ONE);
        RuleBook before = rules.get();

        replace("rules: [{pool: nowhere}]");
        await().until(() -> reloads("refused") == 1);
        assertThat(rules.get()).isSameAs(before);
        Files.delete(file);
        await().until(() -> reloads("refused") == 2);
        assertThat(rules.get()).isSameAs(before);

        replace("rules: [{pool: spare}, {pool: default}]");
        await().until(() -> rules.get().size() == 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules: [{pol: default}]                   | rules[0].pol",
                "rules: [{pool: nowhere}]                  | rules[0].pool has 'nowhere', accepted: [default, spare]",
                "rules: [{pool: default, strategy: best}]  | rules[0].strategy",
                "rules: [{pool: default, threshold: 2}]    | rules[0].threshold has 2.0, accepted: 0 to 1",
                "rules: [{types: [chat]}]                  | rules[0] has pool 'null' and 0 candidates",
                "learning: {memory: 0}                     | learning.memory has 0, accepted: 1 or more",
                "rulez: []                                 | rulez",
                "rules: [                                  | cannot be read",
            })
    void wrongFileStopsTheStartAndIsNamedWithThePlace(String yaml, String place)
            throws IOException {
        assertThatThrownBy(() -> start(yaml))
                .hasMessageContaining("rules.yml")
                .hasMessageContaining(place);
    }

    @Test
    void fileThatIsNotThereStopsTheStart() {
        assertThatThrownBy(() -> open(folder.resolve("none.yml")))
                .hasMessageContaining("none.yml")
                .hasMessageContaining("accepted: a readable file");
    }

    @Test
    void rulesStandInOnePlace() {
        assertThatThrownBy(
                        () ->
                                properties(
                                        Map.of(
                                                "fleet.routing.file",
                                                "x.yml",
                                                "fleet.routing.rules[0].pool",
                                                "default")))
                .rootCause()
                .hasMessageContaining("one place for rules");
    }

    private void start(String yaml) throws IOException {
        file = Files.writeString(folder.resolve("rules.yml"), yaml);
        open(file);
    }

    /** At once, so that half a file is never read. */
    private void replace(String yaml) throws IOException {
        Path next = Files.writeString(folder.resolve("next.yml"), yaml);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void open(Path path) {
        RoutingProperties properties =
                properties(
                        Map.of(
                                "fleet.routing.pools",
                                "default,spare",
                                "fleet.routing.file",
                                path.toString(),
                                "fleet.routing.file-check",
                                "20ms"));
        rules =
                new ActiveRules(
                        properties,
                        () -> text -> new float[] {1},
                        new RouterMetrics(meters),
                        taken::add);
        rules.start();
    }

    private static RoutingProperties properties(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("fleet.routing", RoutingProperties.class);
    }

    private double reloads(String outcome) {
        return meters.get("fleet.router.rules.reloads").tag("outcome", outcome).counter().count();
    }
}
