package io.llmfleet.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.cli.FleetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FleetSettingsTests {

    @TempDir Path folder;

    @Test
    void hasDefaultsForEverything() {
        var settings = new FleetSettings(Map.of());
        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.pools()).containsExactly("default");
        assertThat(settings.pool()).isEqualTo("default");
        assertThat(settings.hasDatabase()).isFalse();
        assertThat(settings.topology(List.of()).queues()).isNotEmpty();
    }

    @Test
    void servesTheFirstPoolUnlessToldOtherwise() {
        assertThat(new FleetSettings(Map.of("FLEET_POOLS", "gpu, cpu")).pool()).isEqualTo("gpu");
        assertThat(new FleetSettings(Map.of("FLEET_POOLS", "gpu", "FLEET_POOL", "cpu")).pool())
                .isEqualTo("cpu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "70000", "-1", "80 80"})
    void namesAPortThatIsNone(String port) {
        assertUsage(() -> new FleetSettings(Map.of("FLEET_PORT", port)).port(), "FLEET_PORT", port);
    }

    @ParameterizedTest
    @CsvSource({
        "FLEET_POOLS, A B",
        "FLEET_RETRY_LEVELS, soon",
        "FLEET_WORK_QUEUE_LENGTH, many",
    })
    void namesASettingOfTheTopologyThatIsWrong(String name, String value) {
        assertUsage(() -> new FleetSettings(Map.of(name, value)).topology(List.of()), name, value);
    }

    @Test
    void takesAnEmptyVariableAsOneThatIsNotSet() {
        var settings = new FleetSettings(Map.of("FLEET_DB_URL", "", "RABBITMQ_URI", ""));
        assertThat(settings.hasDatabase()).isFalse();
        assertThat(new Brokers(folder, settings.environment()).known())
                .isInstanceOf(LocalBroker.class);
    }

    @Test
    void takesThePasswordsOfTheBrokersUsersThatAreGiven() {
        var settings =
                new FleetSettings(
                        Map.of(
                                "FLEET_BROKER_PASSWORD_PRODUCER", "p",
                                "FLEET_BROKER_PASSWORD_ROUTER", " ",
                                "FLEET_BROKER_PASSWORD_CLIENT_MY_SHOP", "s"));
        assertThat(settings.brokerPasswords())
                .isEqualTo(Map.of("fleet-producer", "p", "my-shop", "s"));
    }

    @Test
    void namesAPasswordThatIsNobodys() {
        var settings = new FleetSettings(Map.of("FLEET_BROKER_PASSWORD_PRODCER", "p"));
        assertUsage(settings::brokerPasswords, "FLEET_BROKER_PASSWORD_PRODCER", "_CLIENT_<NAME>");
        var notAClient =
                new FleetSettings(Map.of("FLEET_BROKER_PASSWORD_CLIENT_FLEET_ROUTER", "p"));
        assertUsage(notAClient::brokerPasswords, "fleet-router");
    }

    @Test
    void takesClientsByNameAndRefusesOnesThatCannotBe() {
        assertThat(new FleetSettings(Map.of("FLEET_CLIENTS", "shop, till,")).clients())
                .containsExactly("shop", "till");
        assertUsage(
                () -> new FleetSettings(Map.of("FLEET_CLIENTS", "My Shop")).clients(), "My Shop");
        assertUsage(
                () -> new FleetSettings(Map.of("FLEET_CLIENTS", "fleet-worker")).clients(),
                "fleet-worker");
        assertUsage(
                () -> new FleetSettings(Map.of("FLEET_CLIENTS", "shop,llm")).clients(), "'llm'");
    }

    @Test
    void namesWhatBelongsToADatabaseOfOnesOwn() {
        var settings = new FleetSettings(Map.of("FLEET_DB_URL", "jdbc:postgresql://db/fleet"));
        assertUsage(settings::database, "FLEET_DB_USER");
    }

    @Test
    void givesEachServiceOnlyTheSecretsThatItNeeds() {
        var settings =
                new FleetSettings(
                        Map.of(
                                "LLM_API_KEY", "sk-backend",
                                "RABBITMQ_URI", "amqp://admin:root@broker",
                                "FLEET_BROKER_PASSWORD_ROUTER", "router-password",
                                "FLEET_DB_PASSWORD", "admin"));
        var uris =
                Map.of(
                        "fleet-producer",
                        "amqp-p",
                        "fleet-router",
                        "amqp-r",
                        "fleet-worker",
                        "amqp-w");
        var environment =
                new ServiceEnvironment(
                        settings,
                        new TopologyApplier.Applied(uris, true),
                        new DatabaseEndpoint("jdbc:x", "fleet", "db-password"),
                        "flk_key");

        Map<String, String> producer = environment.of(Service.PRODUCER);
        Map<String, String> router = environment.of(Service.ROUTER);
        Map<String, String> worker = environment.of(Service.WORKER);

        assertThat(producer)
                .containsEntry("FLEET_BROKER_URI", "amqp-p")
                .containsEntry("FLEET_DB_PASSWORD", "db-password")
                .containsEntry("FLEET_BOOTSTRAP_KEY", "flk_key")
                .containsEntry("LLM_API_KEY", "");
        assertThat(router)
                .containsEntry("FLEET_BROKER_URI", "amqp-r")
                .containsEntry("LLM_API_KEY", "")
                .doesNotContainValue("db-password")
                .doesNotContainValue("flk_key");
        assertThat(worker)
                .containsEntry("FLEET_BROKER_URI", "amqp-w")
                .containsEntry("LLM_API_KEY", "sk-backend")
                .doesNotContainValue("db-password")
                .doesNotContainValue("flk_key");
        assertThat(List.of(producer, router, worker))
                .allSatisfy(
                        e ->
                                assertThat(e)
                                        .doesNotContainValue("amqp://admin:root@broker")
                                        .doesNotContainValue("router-password"));
    }

    private static void assertUsage(Runnable action, String... parts) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        FleetException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(FleetException.USAGE);
                            assertThat(e.getMessage()).contains(parts);
                        });
    }
}
