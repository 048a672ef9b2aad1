package io.llmfleet.router.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.choice.Learning;
import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.router.routing.Decision.Refuse;
import io.llmfleet.router.routing.Decision.ToPool;
import io.llmfleet.router.routing.Decision.ToQuarantine;
import io.llmfleet.router.routing.Decision.Wait;
import io.llmfleet.router.routing.RuleProperties.Place;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.TraceParent;
import io.llmfleet.wire.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingPolicyTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Set<FailureCode> FALLBACK_ON =
            Set.of(FailureCode.RATE_LIMITED, FailureCode.BACKEND_ERROR);

    /** {@code big} offers two models and has 6 free slots, {@code small} one model and 1. */
    private static final List<WorkerInfo> FLEET =
            List.of(
                    worker("w1", "big", "gpt-4.1,llama", "chat,generate", 4, 1),
                    worker("w2", "big", "gpt-4.1", "chat,generate", 4, 1),
                    worker("w3", "small", "minilm", "chat,embed", 2, 1));

    private final RoutingPolicy policy = policy();

    @ParameterizedTest
    @CsvSource({
        "chat,  any,     big,   ''",
        "embed, any,     small, ''",
        "chat,  small,   small, ''",
        "chat,  big,     big,   ''",
        "chat,  gpt-4.1, big,   gpt-4.1",
        "chat,  llama,   big,   llama",
        "embed, minilm,  small, minilm",
    })
    void taskGoesWhereItsTargetSays(String type, String target, String pool, String model) {
        assertThat(decide(policy, task(type, target)))
                .isInstanceOfSatisfying(
                        ToPool.class,
                        to -> {
                            assertThat(to.pool()).isEqualTo(pool);
                            assertThat(to.model()).isEqualTo(model.isEmpty() ? null : model);
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "chat,      gpt-5, UNKNOWN_TARGET, 'any, pools [big, small], models [gpt-4.1, llama, minilm]'",
        "chat,      BIG,   UNKNOWN_TARGET, 'any, pools [big, small]'",
        "translate, any,   UNSUPPORTED,    '[chat, embed, generate]'",
        "embed,     big,   UNSUPPORTED,    '[chat, generate]'",
        "embed,     llama, UNSUPPORTED,    '[chat, generate]'",
    })
    void refusalSaysWhatIsAccepted(String type, String target, FailureCode code, String accepted) {
        assertThat(decide(policy, task(type, target)))
                .isInstanceOfSatisfying(
                        Refuse.class,
                        refuse -> {
                            assertThat(refuse.failure().code()).isEqualTo(code);
                            assertThat(refuse.failure().retryable()).isFalse();
                            assertThat(refuse.failure().message()).contains(accepted);
                        });
    }

    @ParameterizedTest
    @CsvSource({"0, true", "-1, true", "1, false"})
    void taskIsRefusedFromItsDeadlineOn(long secondsLeft, boolean refused) {
        Envelope task = new Task("chat", "any").deadline(NOW.plusSeconds(secondsLeft)).build();

        assertThat(decide(policy, task) instanceof Refuse).isEqualTo(refused);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "2, false", "3, true", "4, true"})
    void taskIsWorkedOnAloneAfterThreeInterruptions(int interruptions, boolean alone) {
        Envelope task = new Task("chat", "big").interruptions(interruptions).build();

        assertThat(decide(policy, task) instanceof ToQuarantine).isEqualTo(alone);
    }

    @Test
    void poolWithoutLiveWorkerWaits() {
        assertThat(decide(policy, task("chat", "small"), FLEET.subList(0, 2), false))
                .isEqualTo(new Wait("pool 'small' has no live worker"));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "3600, false", "3601, true"})
    void poolWithoutLiveWorkerIsRefusedWhenTheWaitIsOver(long waitedSeconds, boolean refused) {
        Envelope task = task("chat", "small").waitingSince(NOW.minusSeconds(waitedSeconds));

        Decision decision = decide(policy, task, List.of(), false);

        assertThat(decision)
                .satisfies(
                        d -> {
                            if (refused) {
                                assertThat(((Refuse) d).failure().code())
                                        .isEqualTo(FailureCode.NO_WORKER);
                            } else {
                                assertThat(d).isInstanceOf(Wait.class);
                            }
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "any,   true,  to the pool big",
        "big,   true,  to the pool big",
        "small, true,  to the pool small",
        "gpt-5, true,  wait",
        "any,   false, wait",
        "gpt-5, false, wait",
    })
    void fleetWithoutAWorkerIsNotTakenForDeadWhileTheRouterWarmsUp(
            String target, boolean warmingUp, String expected) {
        Decision decision = decide(policy, task("chat", target), List.of(), warmingUp);

        assertThat(
                        switch (decision) {
                            case ToPool to -> "to the pool " + to.pool();
                            case ToQuarantine to -> "quarantine";
                            case Wait wait -> "wait";
                            case Refuse refuse -> "refuse " + refuse.failure().code();
                        })
                .isEqualTo(expected);
    }

    @Test
    void poolWhoseBackendsAreAllPausedIsAvoided() {
        List<WorkerInfo> fleet =
                List.of(
                        paused(worker("w1", "big", "llama", "chat", 8, 0)),
                        worker("w3", "small", "minilm", "chat", 1, 1));

        assertThat(decide(policy, task("chat", "any"), fleet, false))
                .isInstanceOfSatisfying(
                        ToPool.class, to -> assertThat(to.pool()).isEqualTo("small"));
        assertThat(decide(policy, task("chat", "any"), fleet.subList(0, 1), false))
                .isInstanceOfSatisfying(ToPool.class, to -> assertThat(to.pool()).isEqualTo("big"));
    }

    @ParameterizedTest
    @CsvSource({
        "chat,  any,   default, 10,   big,   gpt-4.1",
        "chat,  any,   default, 5000, small, ''",
        "embed, any,   default, 10,   small, ''",
        "chat,  any,   vip,     5000, big,   llama",
        "chat,  small, default, 10,   small, ''",
    })
    void firstRuleThatMatchesDecides(
            String type, String target, String tenant, int size, String pool, String model) {
        RoutingPolicy ruled =
                policy(
                        rule().tenants("vip").to("big", "llama"),
                        rule().types("chat").targets("any").maxSize(1000).to("big", "gpt-4.1"),
                        rule().minSize(4000).to("small", null));
        Envelope task = new Task(type, target).tenant(tenant).build();

        assertThat(ruled.decide(task, size, () -> null, new Knowledge(FLEET, false, NOW)))
                .isInstanceOfSatisfying(
                        ToPool.class,
                        to -> {
                            assertThat(to.pool()).isEqualTo(pool);
                            assertThat(to.model()).isEqualTo(model.isEmpty() ? null : model);
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "'',                          gpt-4.1, rule",
        "BACKEND_ERROR,               llama,   fallback after BACKEND_ERROR",
        "CALL_TIMEOUT,                gpt-4.1, rule",
        "BACKEND_ERROR RATE_LIMITED,  tiny,    fallback after RATE_LIMITED",
        "RATE_LIMITED RATE_LIMITED RATE_LIMITED, tiny, fallback after RATE_LIMITED",
    })
    void eachFailureOfTheRightKindLeadsToTheNextFallback(
            String failures, String model, String why) {
        RoutingPolicy ruled = policy(rule().fallbacks("llama", "tiny").to("big", "gpt-4.1"));
        Envelope task = new Task("chat", "any").failures(failures).build();

        assertThat(decide(ruled, task))
                .isInstanceOfSatisfying(
                        ToPool.class,
                        to -> {
                            assertThat(to.pool()).isEqualTo("big");
                            assertThat(to.model()).isEqualTo(model);
                            assertThat(to.why()).isEqualTo(why);
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "Big"})
    void ruleForAPoolThatIsNotThereStopsTheStart(String pool) {
        assertThatThrownBy(() -> policy(rule().to(pool, null)))
                .hasMessageContaining("fleet.routing.rules")
                .hasMessageContaining(pool)
                .hasMessageContaining("[big, small]");
    }

    private static Decision decide(RoutingPolicy policy, Envelope task) {
        return decide(policy, task, FLEET, false);
    }

    private static Decision decide(
            RoutingPolicy policy, Envelope task, List<WorkerInfo> live, boolean warmingUp) {
        return policy.decide(task, 100, () -> null, new Knowledge(live, warmingUp, NOW));
    }

    private static RoutingPolicy policy(RuleProperties... rules) {
        RoutingProperties properties = Routing.properties(List.of("big", "small"), rules);
        RuleBook book =
                new RuleBook(
                        "fleet.routing.",
                        properties.own(),
                        properties.pools(),
                        () -> text -> new float[] {1});
        return new RoutingPolicy(
                properties, () -> book, new Experience(Learning.DEFAULT), () -> 0.5);
    }

    private static Envelope task(String type, String target) {
        return new Task(type, target).build();
    }

    private static WorkerInfo worker(
            String name, String pool, String models, String types, int slots, int running) {
        return new WorkerInfo(
                name,
                pool,
                List.of(models.split(",")),
                List.of(types.split(",")),
                slots,
                running,
                List.of(),
                false,
                NOW,
                NOW);
    }

    private static WorkerInfo paused(WorkerInfo w) {
        return new WorkerInfo(
                w.worker(),
                w.pool(),
                w.models(),
                w.types(),
                w.slots(),
                w.running(),
                w.models(),
                false,
                NOW,
                NOW);
    }

    private static RuleBuilder rule() {
        return new RuleBuilder();
    }

    private static final class RuleBuilder {

        private Set<String> types = Set.of();
        private Set<String> targets = Set.of();
        private Set<String> tenants = Set.of();
        private int minSize;
        private int maxSize = Integer.MAX_VALUE;
        private List<String> fallbacks = List.of();

        RuleBuilder types(String... names) {
            types = Set.of(names);
            return this;
        }

        RuleBuilder targets(String... names) {
            targets = Set.of(names);
            return this;
        }

        RuleBuilder tenants(String... names) {
            tenants = Set.of(names);
            return this;
        }

        RuleBuilder minSize(int bytes) {
            minSize = bytes;
            return this;
        }

        RuleBuilder maxSize(int bytes) {
            maxSize = bytes;
            return this;
        }

        RuleBuilder fallbacks(String... models) {
            fallbacks = List.of(models);
            return this;
        }

        RuleProperties to(String pool, String model) {
            return Routing.rule()
                    .types(types)
                    .targets(targets)
                    .tenants(tenants)
                    .sizes(minSize, maxSize)
                    .fallbacks(fallbacks.stream().map(Place::of).toList(), FALLBACK_ON)
                    .to(pool, model);
        }
    }

    private static final class Task {

        private final String type;
        private final String target;
        private String tenant = "default";
        private int interruptions;
        private Instant deadline = NOW.plusSeconds(60);
        private List<AttemptFailure> failures = List.of();

        Task(String type, String target) {
            this.type = type;
            this.target = target;
        }

        Task tenant(String name) {
            tenant = name;
            return this;
        }

        Task interruptions(int count) {
            interruptions = count;
            return this;
        }

        Task deadline(Instant time) {
            deadline = time;
            return this;
        }

        Task failures(String codes) {
            failures =
                    Arrays.stream(codes.split(" "))
                            .filter(code -> !code.isEmpty())
                            .map(FailureCode::valueOf)
                            .map(c -> new AttemptFailure(1, c, "x", null, NOW, "w", null))
                            .toList();
            return this;
        }

        Envelope build() {
            return new Envelope(
                    UUID.randomUUID(),
                    type,
                    target,
                    Priority.NORMAL,
                    tenant,
                    1,
                    failures.size() + 1,
                    5,
                    interruptions,
                    NOW,
                    deadline,
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
