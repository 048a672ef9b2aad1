package io.llmfleet.system.kubernetes;

import static io.llmfleet.system.kubernetes.Manifests.each;
import static io.llmfleet.system.kubernetes.Manifests.podLabels;
import static io.llmfleet.system.kubernetes.Manifests.selects;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who may talk to whom, decided from the policies as a cluster decides it. */
class NetworkTests {

    private static final Map<String, String> BROKER = Map.of("app.kubernetes.io/name", "rabbitmq");

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void whatIsNotSaidIsDenied(String overlay) {
        JsonNode policy = Kustomize.overlay(overlay).one("NetworkPolicy", "default-deny");
        assertThat(policy.at("/spec/podSelector")).isEmpty();
        assertThat(each(policy.at("/spec/policyTypes")).map(JsonNode::asString))
                .containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(policy.at("/spec/ingress").isMissingNode()).isTrue();
        assertThat(policy.at("/spec/egress").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "producer-service, rabbitmq, 5672, true",
        "router-service,   rabbitmq, 5672, true",
        "worker-service,   rabbitmq, 5672, true",
        "topology,         rabbitmq, 5672, true",
        "topology,         rabbitmq, 15672, true",
        "producer-service, rabbitmq, 15672, false",
        "worker-service,   rabbitmq, 15672, false",
        "producer-service, postgres, 5432, true",
        "router-service,   postgres, 5432, false",
        "worker-service,   postgres, 5432, false",
        "worker-service,   producer-service, 8080, false",
        "rabbitmq,         producer-service, 8080, false",
        "postgres,         rabbitmq, 5672, false",
    })
    void podsReachEachOtherWhereTheyHaveTo(String from, String to, int port, boolean allowed) {
        Manifests local = Kustomize.overlay("local");
        Map<String, String> source = labels(local, from);
        Map<String, String> target = labels(local, to);
        assertThat(
                        lets(local, "egress", "to", source, target, port)
                                && lets(local, "ingress", "from", target, source, port))
                .isEqualTo(allowed);
    }

    @Test
    void allOfItHoldsForTheBrokerOfTheOperatorUnderTls() {
        Manifests production = Kustomize.overlay("production");
        for (String name : new String[] {"producer-service", "router-service", "worker-service"}) {
            Map<String, String> pod = labels(production, name);
            assertThat(lets(production, "egress", "to", pod, BROKER, 5671)).isTrue();
            assertThat(lets(production, "ingress", "from", BROKER, pod, 5671)).isTrue();
        }
        Map<String, String> topology = labels(production, "topology");
        assertThat(lets(production, "egress", "to", topology, BROKER, 15671)).isTrue();
        assertThat(lets(production, "ingress", "from", BROKER, BROKER, 25672)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void backendsInPrivateNetworksHaveToBeAllowedByName(String overlay) {
        JsonNode policy = Kustomize.overlay(overlay).one("NetworkPolicy", "workers-to-backends");
        assertThat(each(policy.at("/spec/egress/0/to/0/ipBlock/except")).map(JsonNode::asString))
                .contains("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16");
        assertThat(policy.at("/spec/egress/1/to/0/namespaceSelector/matchLabels").isEmpty())
                .isFalse();
    }

    private static Map<String, String> labels(Manifests manifests, String name) {
        return podLabels(
                manifests
                        .withPods()
                        .filter(w -> Manifests.name(w).equals(name))
                        .findFirst()
                        .orElseThrow());
    }

    /** Whether a policy for {@code subject} allows this direction with a pod of the namespace. */
    private static boolean lets(
            Manifests manifests,
            String direction,
            String peers,
            Map<String, String> subject,
            Map<String, String> other,
            int port) {
        return manifests
                .kind("NetworkPolicy")
                .map(p -> p.path("spec"))
                .filter(spec -> selects(spec.path("podSelector"), subject))
                .flatMap(spec -> each(spec.path(direction)))
                .filter(
                        rule ->
                                each(rule.path("ports"))
                                        .anyMatch(p -> p.path("port").asInt() == port))
                .flatMap(rule -> each(rule.path(peers)))
                .filter(peer -> peer.has("podSelector") && !peer.has("namespaceSelector"))
                .anyMatch(peer -> selects(peer.path("podSelector"), other));
    }
}
