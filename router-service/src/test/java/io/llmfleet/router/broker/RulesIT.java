package io.llmfleet.router.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Usage;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.RouteExplanation;
import io.llmfleet.wire.RouteExplanation.Weighed;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules of a file, in a whole router on a real broker. */
class RulesIT {

    private static final List<String> POOLS = List.of("default", "spare");
    private static final String ADAPTIVE =
            """
            rules:
              - strategy: adaptive
                candidates:
                  - {pool: default, model: large}
                  - {pool: spare, model: small}
            """;

    @TempDir private Path folder;
    private Path file;
    private RouterUnderTest router;

    @BeforeEach
    void start() throws Exception {
        file = Files.writeString(folder.resolve("routing.yml"), "rules: []\n");
        router = new RouterUnderTest(POOLS, "--fleet.routing.file=" + file);
        router.announce("default", "large");
        router.announce("spare", "small");
    }

    @AfterEach
    void stop() throws Exception {
        router.close();
    }

    @Test
    void changedFileHoldsWithoutARestartAndAWrongOneDoesNot() throws Exception {
        change("rules: [{pool: spare, model: small}]");
        router.publish(router.task(), "x");
        assertThat(router.routed("spare").route()).isEqualTo("rule");

        replace("rules: [{pool: moon}]");
        await().until(() -> reloads("refused") == 1);

        router.publish(router.task(), "x");
        assertThat(router.routed("spare").model()).isEqualTo("small");
    }

    @Test
    void retryGoesDownTheChainOfFallbacks() throws Exception {
        change(
                """
                rules:
                  - pool: default
                    model: large
                    fallbacks: [medium, {pool: spare, model: small}]
                """);
        router.announce("default", "large", "medium");

        router.publish(router.task(), "x");
        assertThat(router.routed("default").model()).isEqualTo("large");
        router.publish(router.task(FailureCode.RATE_LIMITED), "x");
        assertThat(router.routed("default").model()).isEqualTo("medium");
        router.publish(router.task(FailureCode.RATE_LIMITED, FailureCode.BACKEND_ERROR), "x");
        assertThat(router.routed("spare").route()).isEqualTo("fallback after BACKEND_ERROR");
        await().until(() -> router.count("fleet.router.choices", "reason", "fallback") == 2);
    }

    @Test
    void weightsAreTheSharesOfTasks() throws Exception {
        change(
                """
                rules:
                  - strategy: weighted
                    candidates: [{pool: default, weight: 80}, {pool: spare, weight: 20}]
                """);
        for (int i = 0; i < 500; i++) {
            router.publish(router.task(), "x");
        }

        await().until(() -> router.depth("default") + router.depth("spare") == 500);

        // Five standard deviations of a binomial distribution around 100.
        assertThat(router.depth("spare")).isBetween(55L, 145L);
    }

    @Test
    void textThatMeansTheSameAsAnExampleMatches() throws Exception {
        change(
                """
                rules:
                  - name: refunds
                    similar-to: ["I want my money back", "please refund my order"]
                    threshold: 0.4
                    pool: spare
                  - pool: default
                """);

        router.publish(router.task(), "The shoes are too small, can I get a refund for them?");
        assertThat(router.routed("spare").route()).isEqualTo("rule refunds");
        router.publish(router.task(), "Which planets have rings?");
        assertThat(router.routed("default").route()).isEqualTo("rule");
        assertThat(router.explain().notes()).singleElement().asString().contains("similar-to");
    }

    @Test
    void adaptiveFollowsWhatBecameOfTasksAndExplainsIt() throws Exception {
        change(ADAPTIVE);
        learn();

        await().untilAsserted(() -> assertThatAdaptiveChoosesSpare(router.explain()));
    }

    private static void assertThatAdaptiveChoosesSpare(RouteExplanation told) {
        assertThat(chances(told)).isEqualTo("spare");
        assertThat(told.strategy()).isEqualTo("adaptive");
        assertThat(told.pool()).isEqualTo("spare");
        assertThat(told.candidates())
                .filteredOn(c -> c.pool().equals("default"))
                .singleElement()
                .satisfies(
                        c -> {
                            assertThat(c.success()).isLessThan(0.5);
                            assertThat(c.attempts()).isGreaterThan(10);
                            assertThat(c.chance()).isBetween(0.001, 0.1);
                            assertThat(c.slots()).isEqualTo(4);
                        });
    }

    @Test
    void routerThatStartsKnowsWhatTheOneBeforeHadLearned() throws Exception {
        replace(ADAPTIVE);
        learn();
        router.stop();

        router.start(POOLS, "--fleet.routing.file=" + file);
        router.announce("default", "large");
        router.announce("spare", "small");

        await().untilAsserted(
                        () ->
                                assertThat(router.explain().candidates())
                                        .allSatisfy(
                                                c -> assertThat(c.attempts()).isGreaterThan(10)));
    }

    /** Twenty tasks of each candidate: those of the pool default fail. */
    private void learn() throws Exception {
        for (int i = 0; i < 20; i++) {
            become("default", "large", "FAILED", "BACKEND_ERROR");
            become("spare", "small", "SUCCEEDED", null);
        }
    }

    private void become(String pool, String model, String state, String code) throws IOException {
        Envelope task = router.task();
        Event routed =
                new Event(
                        Event.ROUTED,
                        task.taskId(),
                        "chat",
                        1,
                        1,
                        Instant.now(),
                        pool,
                        model,
                        null,
                        null,
                        null,
                        "rule");
        Event ended =
                new Event(
                        Event.FINAL,
                        task.taskId(),
                        "chat",
                        1,
                        1,
                        Instant.now(),
                        pool,
                        model,
                        null,
                        state,
                        code,
                        null);
        router.event(Event.ROUTED, "chat", List.of(routed.sized(100)));
        router.event(
                Event.FINAL,
                "chat",
                List.of(ended.used(new Usage(1, 1, new BigDecimal("0.001"), 500))));
    }

    private static String chances(RouteExplanation told) {
        return told.candidates().stream()
                .filter(c -> c.chance() >= 0.9)
                .map(Weighed::pool)
                .findFirst()
                .orElse("none");
    }

    private void change(String yaml) throws IOException {
        double before = reloads("taken");
        replace(yaml);
        await().until(() -> reloads("taken") == before + 1);
    }

    /** At once, so that the router never reads half a file. */
    private void replace(String yaml) throws IOException {
        Path next = Files.writeString(file.resolveSibling("next.yml"), yaml);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private double reloads(String outcome) {
        return router.count("fleet.router.rules.reloads", "outcome", outcome);
    }
}
