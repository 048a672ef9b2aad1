package io.llmfleet.system.kubernetes;

import static io.llmfleet.system.kubernetes.Manifests.called;
import static io.llmfleet.system.kubernetes.Manifests.containers;
import static io.llmfleet.system.kubernetes.Manifests.each;
import static io.llmfleet.system.kubernetes.Manifests.everywhere;
import static io.llmfleet.system.kubernetes.Manifests.name;
import static io.llmfleet.system.kubernetes.Manifests.podLabels;
import static io.llmfleet.system.kubernetes.Manifests.podSpec;
import static io.llmfleet.system.kubernetes.Manifests.selects;
import static io.llmfleet.system.kubernetes.Manifests.strings;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whether what refers to something refers to something that is there. */
class WiringTests {

    /** What docs/kubernetes.md says that a person or an operator makes, with its keys. */
    private static final Map<String, Set<String>> FROM_OUTSIDE =
            Map.of(
                    "rabbitmq-default-user", Set.of("username", "password"),
                    "rabbitmq-tls", Set.of("ca.crt", "tls.crt", "tls.key"),
                    "broker-users", Set.of("producer", "router", "worker"),
                    "database", Set.of("url", "user", "password", "ca.crt"),
                    "producer", Set.of("bootstrap-key"));

    private static final Map<String, String> BROKER_PODS =
            Map.of("app.kubernetes.io/name", "rabbitmq");

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void selectorsTakeThePodsOfTheirOwnAndNoOthers(String overlay) {
        Manifests manifests = Kustomize.overlay(overlay);
        for (String kind : List.of("Deployment", "StatefulSet")) {
            assertThat(manifests.kind(kind))
                    .allSatisfy(
                            w ->
                                    assertThat(selected(manifests, w.at("/spec/selector")))
                                            .as(called(w))
                                            .containsExactly(name(w)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void everyDeploymentMayLoseOnePodAtATimeAndSpreadsItsPods(String overlay) {
        Manifests manifests = Kustomize.overlay(overlay);
        assertThat(manifests.kind("Deployment"))
                .hasSize(3)
                .allSatisfy(
                        d -> {
                            JsonNode budget = manifests.one("PodDisruptionBudget", name(d));
                            assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
                            assertThat(selects(budget.at("/spec/selector"), podLabels(d))).isTrue();
                            JsonNode spread = podSpec(d).path("topologySpreadConstraints");
                            assertThat(each(spread))
                                    .hasSize(2)
                                    .allMatch(s -> selects(s.path("labelSelector"), podLabels(d)));
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void servicesLeadToPortsThatPodsHave(String overlay) {
        Manifests manifests = Kustomize.overlay(overlay);
        assertThat(manifests.kind("Service"))
                .allSatisfy(
                        s -> {
                            JsonNode pods = withLabels(manifests, strings(s.at("/spec/selector")));
                            assertThat(each(s.at("/spec/ports")))
                                    .extracting(p -> p.path("targetPort").asString())
                                    .isSubsetOf(portNames(pods));
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void probesAskAtPortsThatContainersHave(String overlay) {
        assertThat(Kustomize.overlay(overlay).withPods())
                .filteredOn(w -> !w.path("kind").asString().equals("Job"))
                .allSatisfy(
                        w -> {
                            JsonNode container = containers(w).findFirst().orElseThrow();
                            for (String probe :
                                    List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                                assertThat(container.has(probe)).as(called(w) + probe).isTrue();
                                JsonNode port = container.path(probe).findValue("port");
                                if (port != null) {
                                    assertThat(portNames(w)).contains(port.asString());
                                }
                            }
                        });
    }

    @Test
    void whatALocalFleetReadsIsThereToBeRead() {
        Manifests local = Kustomize.overlay("local");
        assertThat(local.withPods().flatMap(WiringTests::secretKeys))
                .isNotEmpty()
                .allMatch(ref -> local.one("Secret", ref.name()).path("data").has(ref.key()));
    }

    @Test
    void whatAFleetInProductionReadsIsToldToWhoMakesIt() {
        Manifests production = Kustomize.overlay("production");
        assertThat(production.kind("Secret")).isEmpty();
        assertThat(production.withPods().flatMap(WiringTests::secretKeys))
                .isNotEmpty()
                .allSatisfy(
                        ref -> {
                            assertThat(FROM_OUTSIDE).containsKey(ref.name());
                            assertThat(FROM_OUTSIDE.get(ref.name())).contains(ref.key());
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void settingsThatPodsReadAreThere(String overlay) {
        Manifests manifests = Kustomize.overlay(overlay);
        assertThat(manifests.withPods())
                .allSatisfy(
                        w -> {
                            Stream<String> names =
                                    Stream.concat(
                                                    everywhere(podSpec(w), "configMapRef"),
                                                    everywhere(podSpec(w), "configMap"))
                                            .map(r -> r.path("name").asString());
                            assertThat(names).allMatch(n -> manifests.has("ConfigMap", n));
                            assertThat(mounts(w)).isSubsetOf(volumes(w));
                            String account = podSpec(w).path("serviceAccountName").asString();
                            assertThat(
                                            manifests
                                                    .one("ServiceAccount", account)
                                                    .path("automountServiceAccountToken")
                                                    .asBoolean(true))
                                    .isFalse();
                        });
    }

    @Test
    void measurementsAreFoundByNameOfPort() {
        Manifests production = Kustomize.overlay("production");
        JsonNode selector = production.one("ServiceMonitor", "llm-fleet").at("/spec/selector");
        assertThat(production.kind("Service"))
                .hasSize(3)
                .allMatch(s -> selects(selector, strings(s.at("/metadata/labels"))))
                .allMatch(s -> s.at("/spec/ports/0/name").asString().equals("http"));
    }

    @Test
    void theIngressLetsNobodyAskForMeasurements() {
        JsonNode ingress = Kustomize.overlay("production").one("Ingress", "producer-service");
        assertThat(everywhere(ingress, "path").map(JsonNode::asString))
                .contains("/api", "/v1")
                .noneMatch(path -> path.equals("/") || path.startsWith("/actuator"));
        assertThat(each(ingress.at("/spec/tls/0/hosts")))
                .containsExactly(ingress.at("/spec/rules/0/host"));
    }

    @Test
    void theNodesOfTheBrokerKeepApart() {
        JsonNode cluster = Kustomize.overlay("production").one("RabbitmqCluster", "rabbitmq");
        JsonNode apart =
                cluster.at(
                        "/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0");
        assertThat(selects(apart.path("labelSelector"), BROKER_PODS)).isTrue();
        assertThat(cluster.at("/spec/rabbitmq/additionalConfig").asString())
                .contains("consumer_timeout", "max_message_size");
        assertThat(cluster.at("/spec/rabbitmq/advancedConfig").asString())
                .contains("dead_letter_worker_publisher_confirm_timeout");
    }

    /** A key of a secret that must be there. */
    private record SecretKey(String name, String key) {}

    private static Stream<SecretKey> secretKeys(JsonNode workload) {
        Stream<SecretKey> ofVariables =
                everywhere(podSpec(workload), "secretKeyRef")
                        .map(
                                r ->
                                        new SecretKey(
                                                r.path("name").asString(),
                                                r.path("key").asString()));
        Stream<SecretKey> ofVolumes =
                each(podSpec(workload).path("volumes"))
                        .filter(v -> v.has("secret"))
                        .flatMap(
                                v ->
                                        each(v.at("/secret/items"))
                                                .map(
                                                        i ->
                                                                new SecretKey(
                                                                        v.at("/secret/secretName")
                                                                                .asString(),
                                                                        i.path("key").asString())));
        return Stream.concat(ofVariables, ofVolumes);
    }

    private static List<String> selected(Manifests manifests, JsonNode selector) {
        return manifests
                .withPods()
                .filter(w -> selects(selector, podLabels(w)))
                .map(Manifests::name)
                .toList();
    }

    private static JsonNode withLabels(Manifests manifests, Map<String, String> labels) {
        return manifests
                .withPods()
                .filter(w -> podLabels(w).entrySet().containsAll(labels.entrySet()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no pod has the labels " + labels));
    }

    private static Set<String> portNames(JsonNode workload) {
        return containers(workload)
                .flatMap(c -> each(c.path("ports")))
                .map(p -> p.path("name").asString())
                .collect(Collectors.toSet());
    }

    private static Set<String> mounts(JsonNode workload) {
        return containers(workload)
                .flatMap(c -> each(c.path("volumeMounts")))
                .map(m -> m.path("name").asString())
                .collect(Collectors.toSet());
    }

    private static Set<String> volumes(JsonNode workload) {
        Stream<String> claimed =
                each(workload.at("/spec/volumeClaimTemplates")).map(Manifests::name);
        return Stream.concat(
                        each(podSpec(workload).path("volumes")).map(v -> v.path("name").asString()),
                        claimed)
                .collect(Collectors.toSet());
    }
}
