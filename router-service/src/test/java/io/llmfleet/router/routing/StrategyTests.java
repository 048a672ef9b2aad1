package io.llmfleet.router.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.choice.Candidate;
import io.llmfleet.choice.Context;
import io.llmfleet.choice.Learning;
import io.llmfleet.choice.Strategy;
import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.model.Usage;
import io.llmfleet.router.routing.Decision.Reason;
import io.llmfleet.router.routing.Decision.Refuse;
import io.llmfleet.router.routing.Decision.ToPool;
import io.llmfleet.router.routing.RuleProperties.Place;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Event;
import io.llmfleet.wire.RouteExplanation;
import io.llmfleet.wire.RouteExplanation.Weighed;
import io.llmfleet.wire.RouteQuestion;
import io.llmfleet.wire.TraceParent;
import io.llmfleet.wire.WorkerInfo;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategyTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> POOLS = List.of("big", "small", "gone");
    private static final List<WorkerInfo> FLEET =
            List.of(worker("big", "gpt,llama", 8), worker("small", "mini", 4));

    private final Experience experience = new Experience(Learning.DEFAULT);
    private double random = 0.5;

    @ParameterizedTest
    @CsvSource({"0.0, big", "0.89, big", "0.91, small"})
    void canaryGetsItsShare(double drawn, String pool) {
        random = drawn;
        RuleProperties rule = both(Strategy.WEIGHTED).build();

        assertThat(pool(decide(rule, task().build()))).isEqualTo(pool);
    }

    @Test
    void leastLoadedCountsWhatWentThereAndHasNotEnded() {
        RuleProperties rule = both(Strategy.LEAST_LOADED).build();
        assertThat(pool(decide(rule, task().build()))).isEqualTo("big");
        for (int i = 0; i < 8; i++) {
            routed(UUID.randomUUID(), "big", "gpt");
        }

        assertThat(pool(decide(rule, task().build()))).isEqualTo("small");
    }

    @Test
    void adaptiveLearnsFromWhatBecameOfTasks() {
        RuleProperties rule = both(Strategy.ADAPTIVE).build();
        for (int i = 0; i < 30; i++) {
            attempt("big", "gpt", true, 900, "0.01");
            attempt("small", "mini", true, 800, "0.001");
        }
        assertThat(decide(rule, task().build()))
                .isInstanceOfSatisfying(
                        ToPool.class,
                        to -> {
                            assertThat(to.pool()).isEqualTo("small");
                            assertThat(to.why()).isEqualTo("rule r: adaptive");
                        });
        for (int i = 0; i < 30; i++) {
            attempt("small", "mini", false, 0, null);
        }

        assertThat(pool(decide(rule, task().build()))).isEqualTo("big");
    }

    @Test
    void explorationSaysSo() {
        for (int i = 0; i < 30; i++) {
            attempt("big", "gpt", true, 900, "0.01");
            attempt("small", "mini", true, 800, "0.001");
        }
        random = 0.001;

        assertThat(decide(both(Strategy.ADAPTIVE).build(), task().build()))
                .isInstanceOfSatisfying(
                        ToPool.class,
                        to -> {
                            assertThat(to.pool()).isEqualTo("big");
                            assertThat(to.chosen().reason()).isEqualTo(Reason.EXPLORING);
                            assertThat(to.why()).isEqualTo("rule r: adaptive, exploring");
                        });
    }

    @Test
    void candidateWithoutALiveWorkerIsPassedOver() {
        RuleProperties rule =
                Routing.rule()
                        .candidate("gone", null, 1, 0)
                        .candidate("small", "mini", 1, 0)
                        .build();

        assertThat(pool(decide(rule, task().build()))).isEqualTo("small");
    }

    @Test
    void retryGoesToAnotherCandidateThanTheOneThatFailed() {
        RuleProperties rule = both(Strategy.FIXED).build();

        assertThat(pool(decide(rule, task().failed("gpt").build()))).isEqualTo("small");
        assertThat(pool(decide(rule, task().failed("mini").build()))).isEqualTo("big");
    }

    @ParameterizedTest
    @CsvSource({
        "gpt,           big,   llama",
        "gpt llama,     small, mini",
        "gpt llama mini, small, mini",
    })
    void chainOfFallbacksCrossesPoolsAndPassesOverWhatIsGone(
            String failed, String pool, String model) {
        List<Place> chain =
                List.of(Place.of("llama"), new Place("gone", "none"), new Place("small", "mini"));
        RuleProperties rule =
                both(Strategy.WEIGHTED).fallbacks(chain, Set.of(FailureCode.BACKEND_ERROR)).build();

        assertThat(decide(rule, task().failed(failed.split(" ")).build()))
                .isInstanceOfSatisfying(
                        ToPool.class,
                        to -> {
                            assertThat(to.pool()).isEqualTo(pool);
                            assertThat(to.model()).isEqualTo(model);
                            assertThat(to.chosen().reason()).isEqualTo(Reason.FALLBACK);
                        });
    }

    @ParameterizedTest
    @CsvSource({", big", "79, big", "80, big", "95, small", "130, small"})
    void dearCandidatesAreLeftOutAsTheBudgetRunsLow(Integer used, String pool) {
        RuleProperties rule =
                Routing.rule()
                        .candidate("big", "gpt", 1, 0.01)
                        .candidate("small", "mini", 1, 0.001)
                        .budgetFrom(0.8)
                        .build();
        Envelope task = task().build();

        assertThat(pool(decide(rule, used == null ? task : task.budgetUsed(used)))).isEqualTo(pool);
    }

    @ParameterizedTest
    @CsvSource({
        "any,   big,   llama",
        "small, small, ''",
        "llama, big,   llama",
        "big,   big,   llama",
    })
    void tenantGetsNoModelThatItMayNotUse(String target, String pool, String model) {
        Map<String, TenantProperties> tenants =
                Map.of("acme", new TenantProperties(List.of(), List.of("gp*")));

        assertThat(decide(tenants, task().target(target).build()))
                .isInstanceOfSatisfying(
                        ToPool.class,
                        to -> {
                            assertThat(to.pool()).isEqualTo(pool);
                            assertThat(to.model()).isEqualTo(model.isEmpty() ? null : model);
                        });
    }

    @ParameterizedTest
    @CsvSource({"gpt", "big", "llama"})
    void deniedModelIsRefused(String target) {
        Map<String, TenantProperties> tenants =
                Map.of("acme", new TenantProperties(List.of("mini*"), List.of()));

        assertThat(decide(tenants, task().target(target).build()))
                .isInstanceOfSatisfying(
                        Refuse.class,
                        refuse -> {
                            assertThat(refuse.failure().code())
                                    .isEqualTo(FailureCode.UNKNOWN_TARGET);
                            assertThat(refuse.failure().message()).contains("acme", target);
                        });
    }

    @Test
    void ruleGivesATenantOnlyCandidatesThatItMayUse() {
        Map<String, TenantProperties> tenants =
                Map.of("acme", new TenantProperties(List.of("mini"), List.of()));

        assertThat(pool(decide(tenants, task().build(), both(Strategy.FIXED).build())))
                .isEqualTo("small");
    }

    @Test
    void ruleMatchesByPriority() {
        RuleProperties high = Routing.rule().priorities(Priority.HIGH).to("small", null);

        assertThat(pool(decide(high, task().build()))).isEqualTo("big");
        assertThat(pool(decide(high, task().priority(Priority.HIGH).build()))).isEqualTo("small");
    }

    @ParameterizedTest
    @CsvSource({"near, small", "far, big", ", big"})
    void ruleMatchesByTheNearestExample(String text, String pool) {
        RuleProperties rule = Routing.rule().similarTo(0.7, "near", "nearer").to("small", null);
        RoutingPolicy policy = policy(Map.of(), rule);

        Decision decision =
                policy.decide(task().build(), 100, () -> text, new Knowledge(FLEET, false, NOW));

        assertThat(pool(decision)).isEqualTo(pool);
    }

    @Test
    void explanationTellsWhatTheChoiceStandsOn() {
        for (int i = 0; i < 20; i++) {
            attempt("big", "gpt", true, 900, "0.01");
            attempt("small", "mini", true, 800, "0.001");
        }
        RuleProperties rule =
                both(Strategy.ADAPTIVE).candidate("gone", null, 1, 0).budgetFrom(0.9).build();

        RouteExplanation told =
                policy(Map.of(), Routing.rule().similarTo(0.5, "near").to("big", null), rule)
                        .explain(
                                new RouteQuestion(
                                        UUID.randomUUID(),
                                        "chat",
                                        "any",
                                        "acme",
                                        Priority.NORMAL,
                                        100,
                                        null),
                                "r1",
                                new Knowledge(FLEET, false, NOW));

        assertThat(told.outcome()).isEqualTo("pool");
        assertThat(told.pool()).isEqualTo("small");
        assertThat(told.rule()).isEqualTo("r");
        assertThat(told.strategy()).isEqualTo("adaptive");
        assertThat(told.notes()).singleElement().asString().contains("similar-to");
        assertThat(told.candidates()).extracting(Weighed::pool).contains("big", "small", "gone");
        assertThat(told.candidates().stream().mapToDouble(Weighed::chance).sum()).isEqualTo(1);
        assertThat(told.candidates())
                .filteredOn(c -> c.pool().equals("gone"))
                .singleElement()
                .satisfies(c -> assertThat(c.leftOut()).isEqualTo("no live worker"));
    }

    @ParameterizedTest
    @CsvSource({
        "nowhere, 1,  0.5, 'rules[0].candidates[0].pool has ''nowhere'', accepted: [big, small, gone]'",
        "big,    -1,  0.5, 'rules[0].candidates[0].weight has -1.0, accepted: 0 or more'",
        "big,     1,  1.5, 'rules[0].budget-from has 1.5, accepted: 0 to below 1'",
    })
    void wrongRuleIsRefusedWithItsPlace(
            String pool, double weight, double budgetFrom, String message) {
        RuleProperties rule =
                Routing.rule().candidate(pool, null, weight, 0).budgetFrom(budgetFrom).build();

        assertThatThrownBy(() -> policy(Map.of(), rule)).hasMessageContaining(message);
    }

    private static Routing.RuleBuilder both(Strategy strategy) {
        return Routing.rule()
                .named("r")
                .strategy(strategy)
                .candidate("big", "gpt", 9, 0)
                .candidate("small", "mini", 1, 0);
    }

    private Decision decide(RuleProperties rule, Envelope task) {
        return decide(Map.of(), task, rule);
    }

    private Decision decide(
            Map<String, TenantProperties> tenants, Envelope task, RuleProperties... rules) {
        return policy(tenants, rules)
                .decide(task, 100, () -> null, new Knowledge(FLEET, false, NOW));
    }

    private RoutingPolicy policy(Map<String, TenantProperties> tenants, RuleProperties... rules) {
        RoutingProperties properties = Routing.properties(POOLS, tenants, rules);
        RuleBook book =
                new RuleBook(
                        "fleet.routing.", properties.own(), POOLS, () -> StrategyTests::encode);
        return new RoutingPolicy(properties, () -> book, experience, () -> random);
    }

    private static float[] encode(String text) {
        return text.startsWith("near") ? new float[] {1, 0} : new float[] {0, 1};
    }

    private static String pool(Decision decision) {
        return ((ToPool) decision).pool();
    }

    private void attempt(String pool, String model, boolean succeeds, long millis, String cost) {
        UUID task = UUID.randomUUID();
        routed(task, pool, model);
        Usage usage = cost == null ? null : new Usage(1, 1, new BigDecimal(cost), millis);
        experience.heard(
                new Event(
                                Event.FINAL,
                                task,
                                "chat",
                                1,
                                1,
                                NOW,
                                pool,
                                model,
                                null,
                                succeeds ? "SUCCEEDED" : "FAILED",
                                succeeds ? null : "BACKEND_ERROR",
                                null)
                        .used(usage));
    }

    private void routed(UUID task, String pool, String model) {
        Candidate to = new Candidate(pool, model, 1, 0);
        experience.routed(task, to, Context.of("chat", 100), NOW.minusSeconds(1));
    }

    private static WorkerInfo worker(String pool, String models, int slots) {
        return new WorkerInfo(
                "w-" + pool,
                pool,
                Arrays.asList(models.split(",")),
                List.of("chat"),
                slots,
                0,
                List.of(),
                false,
                NOW,
                NOW);
    }

    private static TaskBuilder task() {
        return new TaskBuilder();
    }

    private static final class TaskBuilder {

        private String target = "any";
        private Priority priority = Priority.NORMAL;
        private List<AttemptFailure> failures = List.of();

        TaskBuilder target(String name) {
            target = name;
            return this;
        }

        TaskBuilder priority(Priority other) {
            priority = other;
            return this;
        }

        TaskBuilder failed(String... models) {
            failures =
                    Arrays.stream(models)
                            .map(
                                    m ->
                                            new AttemptFailure(
                                                    1,
                                                    FailureCode.BACKEND_ERROR,
                                                    "x",
                                                    null,
                                                    NOW,
                                                    "w",
                                                    m))
                            .toList();
            return this;
        }

        Envelope build() {
            return new Envelope(
                    UUID.randomUUID(),
                    "chat",
                    target,
                    priority,
                    "acme",
                    1,
                    failures.size() + 1,
                    5,
                    0,
                    NOW,
                    NOW.plusSeconds(60),
                    Duration.ofMinutes(10),
                    null,
                    null,
                    null,
                    null,
                    null,
                    failures,
                    TraceParent.orNew(null));
        }
    }
}
