package io.llmfleet.system.kubernetes;

import static io.llmfleet.system.kubernetes.Manifests.each;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Defaults;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whether replicas come and go without cutting what they do. */
class ScalingTests {

    /** What a worker may take to hand back what did not end, and to close. */
    private static final Duration AFTER_GRACE = Duration.ofSeconds(15);

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void aWorkerThatIsTakenEndsTheLongestCallFirst(String overlay) {
        Manifests manifests = Kustomize.overlay(overlay);
        Duration grace = setting(manifests, "worker-", "FLEET_WORKER_GRACE");
        assertThat(grace).isGreaterThan(Defaults.CALL_LIMIT);
        assertThat(termination(manifests, "worker-service"))
                .isGreaterThanOrEqualTo(grace.plus(AFTER_GRACE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void aProducerThatIsTakenAnswersWhoWaitsFirst(String overlay) {
        Manifests manifests = Kustomize.overlay(overlay);
        Duration phase =
                setting(manifests, "producer-", "SPRING_LIFECYCLE_TIMEOUTPERSHUTDOWNPHASE");
        JsonNode producer = manifests.one("Deployment", "producer-service");
        int pause = producer.findValue("preStop").at("/sleep/seconds").asInt();
        assertThat(pause).isPositive();
        assertThat(termination(manifests, "producer-service"))
                .isGreaterThanOrEqualTo(phase.plusSeconds(pause).plus(AFTER_GRACE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void anUpdateTakesNoReplicaBeforeAnotherIsThere(String overlay) {
        assertThat(Kustomize.overlay(overlay).kind("Deployment"))
                .allSatisfy(
                        d ->
                                assertThat(
                                                d.at("/spec/strategy/rollingUpdate/maxUnavailable")
                                                        .asInt(-1))
                                        .isZero());
    }

    @Test
    void onlyTheAutoscalerSaysHowManyWorkersThereAre() {
        Manifests production = Kustomize.overlay("production");
        JsonNode scaler = production.one("ScaledObject", "worker-service").path("spec");
        JsonNode workers =
                production.one("Deployment", scaler.at("/scaleTargetRef/name").asString());
        assertThat(workers.at("/spec/replicas").isMissingNode()).isTrue();
        assertThat(scaler.path("minReplicaCount").asInt()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void workersAreScaledByWhatTheRuleWants() {
        Manifests production = Kustomize.overlay("production");
        List<String> recorded =
                production
                        .kind("PrometheusRule")
                        .flatMap(r -> r.findValues("record").stream())
                        .map(JsonNode::asString)
                        .toList();
        JsonNode triggers = production.one("ScaledObject", "worker-service").at("/spec/triggers");
        assertThat(each(triggers))
                .allSatisfy(
                        t -> {
                            String query = t.at("/metadata/query").asString();
                            assertThat(recorded).anyMatch(query::contains);
                            assertThat(t.at("/metadata/threshold").asString()).isEqualTo("1");
                            assertThat(t.path("metricType").asString()).isEqualTo("AverageValue");
                        });
    }

    @Test
    void theTopologyCanBeAppliedAgain() {
        JsonNode job = Kustomize.overlay("production").one("Job", "topology");
        assertThat(job.at("/spec/ttlSecondsAfterFinished").asInt(-1)).isBetween(0, 600);
        assertThat(each(Manifests.podSpec(job).at("/containers/0/args")).map(JsonNode::asString))
                .containsExactly("topology", "apply");
    }

    private static Duration termination(Manifests manifests, String deployment) {
        JsonNode pod = Manifests.podSpec(manifests.one("Deployment", deployment));
        return Duration.ofSeconds(pod.path("terminationGracePeriodSeconds").asInt());
    }

    /** Of a generated ConfigMap, whose name ends with a hash. */
    private static Duration setting(Manifests manifests, String map, String key) {
        String value =
                manifests
                        .kind("ConfigMap")
                        .filter(m -> Manifests.name(m).startsWith(map))
                        .map(m -> m.path("data").path(key).asString())
                        .findFirst()
                        .orElseThrow();
        return Duration.ofSeconds(Long.parseLong(value.replace("s", "")));
    }
}
