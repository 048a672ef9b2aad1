package io.llmfleet.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the admission of restricted pods asks for, and what the fleet asks of itself beyond it. */
class PodSecurityTests {

    private static final String NAMESPACE = "llm-fleet";

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void theNamespaceTakesRestrictedPodsOnly(String overlay) {
        JsonNode namespace = Kustomize.overlay(overlay).one("Namespace", NAMESPACE);
        assertThat(Manifests.strings(namespace.at("/metadata/labels")))
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void noPodRunsAsRootOrTalksToTheApi(String overlay) {
        assertThat(Kustomize.overlay(overlay).withPods())
                .isNotEmpty()
                .allSatisfy(
                        workload -> {
                            JsonNode pod = Manifests.podSpec(workload);
                            JsonNode context = pod.path("securityContext");
                            assertThat(context.path("runAsNonRoot").asBoolean()).isTrue();
                            assertThat(context.path("runAsUser").asInt()).isPositive();
                            assertThat(context.at("/seccompProfile/type").asString())
                                    .isEqualTo("RuntimeDefault");
                            assertThat(pod.path("automountServiceAccountToken").asBoolean(true))
                                    .isFalse();
                            for (String host : List.of("hostNetwork", "hostPID", "hostIPC")) {
                                assertThat(pod.path(host).asBoolean(false)).as(host).isFalse();
                            }
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void servicesRunAsTheUserOfTheirImages(String overlay) {
        assertThat(Kustomize.overlay(overlay).kind("Deployment"))
                .hasSize(3)
                .allSatisfy(
                        d ->
                                assertThat(
                                                d.at(
                                                                "/spec/template/spec/securityContext/runAsUser")
                                                        .asInt())
                                        .isEqualTo(10001));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void noContainerGainsRightsOrWritesToItsRoot(String overlay) {
        assertThat(Kustomize.overlay(overlay).withPods().flatMap(Manifests::containers))
                .isNotEmpty()
                .allSatisfy(
                        container -> {
                            JsonNode context = container.path("securityContext");
                            assertThat(context.path("allowPrivilegeEscalation").asBoolean(true))
                                    .isFalse();
                            assertThat(context.path("privileged").asBoolean(false)).isFalse();
                            assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                            assertThat(Manifests.each(context.at("/capabilities/drop")))
                                    .extracting(JsonNode::asString)
                                    .containsExactly("ALL");
                            assertThat(context.at("/capabilities/add").isMissingNode()).isTrue();
                            assertThat(Manifests.each(container.path("volumeMounts")))
                                    .extracting(m -> m.path("mountPath").asString())
                                    .contains("/tmp");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void everyContainerSaysWhatItNeeds(String overlay) {
        assertThat(Kustomize.overlay(overlay).withPods().flatMap(Manifests::containers))
                .allSatisfy(
                        container -> {
                            Map<String, String> requests =
                                    Manifests.strings(container.at("/resources/requests"));
                            assertThat(requests).containsKeys("cpu", "memory");
                            assertThat(Manifests.strings(container.at("/resources/limits")))
                                    .containsKey("memory");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void noSecretIsWrittenInPlainSight(String overlay) {
        assertThat(Kustomize.overlay(overlay).withPods().flatMap(Manifests::containers))
                .flatExtracting(c -> Manifests.each(c.path("env")).toList())
                .filteredOn(e -> e.path("name").asString().matches(".*(PASSWORD|KEY|PASS)(_.*)?"))
                .isNotEmpty()
                .allSatisfy(
                        e ->
                                assertThat(e.at("/valueFrom/secretKeyRef/name").asString())
                                        .isNotEmpty());
    }
}
