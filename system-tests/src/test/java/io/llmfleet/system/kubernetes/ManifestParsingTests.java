package io.llmfleet.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestParsingTests {

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void everyFieldIsInTheApi(String overlay) {
        Manifests manifests = Kustomize.overlay(overlay);
        assertThat(manifests.all())
                .hasSizeGreaterThan(25)
                .allSatisfy(
                        r ->
                                assertThat(StrictParser.problems(r))
                                        .as(Manifests.called(r))
                                        .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void everythingIsInTheFleetsNamespace(String overlay) {
        assertThat(Kustomize.overlay(overlay).all())
                .filteredOn(r -> !r.path("kind").asString().equals("Namespace"))
                .allSatisfy(
                        r ->
                                assertThat(r.at("/metadata/namespace").asString())
                                        .as(Manifests.called(r))
                                        .isEqualTo("llm-fleet"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {prots: []}} | /spec/prots",
                "{apiVersion: batch/v1, kind: Job, metadata: {nam: a}} | /metadata/nam",
                "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{nmae: a}]}}}}"
                        + " | /spec/template/spec/containers/0/nmae",
                "{apiVersion: rabbitmq.com/v1beta1, kind: RabbitmqCluster, metadata: {}, spec: {replica: 3}}"
                        + " | replica",
            })
    void aFieldThatTheApiDoesNotHaveIsNamed(String yaml, String field) {
        assertThat(StrictParser.problems(new Manifests(yaml).all().getFirst()))
                .singleElement()
                .asString()
                .contains(field);
    }

    @Test
    void theRulesOfPrometheusAreThoseOfTheProject() {
        Manifests production = Kustomize.overlay("production");
        assertThat(production.kind("PrometheusRule").map(Manifests::name))
                .contains("llm-fleet-recording", "llm-fleet-alerts");
        assertThat(production.kind("PrometheusRule").flatMap(r -> r.findValues("record").stream()))
                .anyMatch(r -> r.asString().equals("pool:fleet_workers_wanted:ceil"));
    }
}
