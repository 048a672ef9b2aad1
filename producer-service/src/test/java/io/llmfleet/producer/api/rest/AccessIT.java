package io.llmfleet.producer.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who may do what. */
class AccessIT {

    private static final String TASK = "{\"type\":\"chat\",\"input\":{\"text\":\"hello\"}}";

    private static ProducerUnderTest producer;

    @BeforeAll
    static void start() {
        producer = ProducerUnderTest.shared();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /api/v1/tasks",
        "POST, /api/v1/tasks",
        "POST, /api/v1/tasks/bulk",
        "GET,  /api/v1/types",
        "GET,  /api/v1/workers",
        "GET,  /api/v1/queues",
        "GET,  /api/v1/routes/explain?type=chat",
        "GET,  /api/v1/dead-letters",
        "GET,  /api/v1/keys",
        "GET,  /actuator/env",
        "GET,  /anything",
    })
    void nothingIsDoneWithoutAKey(String method, String path) {
        byte[] body = method.equals("POST") ? TASK.getBytes() : null;

        Answer answer = producer.request(null, method, path, body, Map.of());

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"llm-fleet\"");
        assertThat(answer).matches(a -> a.blames("Authorization", "accepted: Bearer"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer ",
                "Basic YWRtaW46YWRtaW4=",
                "admin-of-the-tests-0123456789",
                "Bearer admin-of-the-tests-0123456789x"
            })
    void wrongKeyIsRefused(String header) {
        Answer answer =
                producer.request(
                        null, "GET", "/api/v1/tasks", null, Map.of("Authorization", header));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).contains("invalid_token");
        assertThat(answer).matches(a -> a.blames("Authorization", "accepted: Bearer"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/health/readiness",
                "/actuator/prometheus",
                "/v3/api-docs",
                "/swagger-ui/index.html",
                "/console/",
                "/console/pages/task.js",
                "/webjars/uplot/dist/uPlot.esm.js"
            })
    void whatMachinesAndReadersNeedIsOpen(String path) {
        assertThat(producer.request(null, "GET", path, null, Map.of()).status()).isEqualTo(200);
    }

    @Test
    void keyWorksUntilItIsRevoked() {
        Answer made =
                producer.post(
                        "/api/v1/keys", "{\"name\":\"ci\",\"tenant\":\"acme\",\"role\":\"user\"}");
        JsonNode key = made.json();
        String secret = key.get("key").asString();
        assertThat(made.status()).isEqualTo(201);
        assertThat(status(secret, "/api/v1/tasks")).isEqualTo(200);

        JsonNode listed =
                producer.get("/api/v1/keys")
                        .json()
                        .valueStream()
                        .filter(k -> k.get("id").equals(key.get("id")))
                        .findFirst()
                        .orElseThrow();
        assertThat(listed.get("tenant").asString()).isEqualTo("acme");
        assertThat(producer.get("/api/v1/keys").response().body()).doesNotContain(secret);
        String path = "/api/v1/keys/" + key.get("id").asString();
        assertThat(delete(ProducerUnderTest.ADMIN, path).status()).isEqualTo(204);

        assertThat(status(secret, "/api/v1/tasks")).isEqualTo(401);
        assertThat(delete(ProducerUnderTest.ADMIN, path).status()).isEqualTo(204);
    }

    @Test
    void keysNeedAnAdmin() {
        String user = producer.newKey("acme", "user");

        Answer answer = producer.request(user, "GET", "/api/v1/keys", null, Map.of());

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer).matches(a -> a.blames("Authorization", "role admin"));
        assertThat(
                        producer.request(
                                        user,
                                        "POST",
                                        "/api/v1/keys",
                                        "{\"name\":\"x\"}".getBytes(),
                                        Map.of())
                                .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                | /name   | is required",
                "{'name':'x','role':'root'}        | /role   | admin, user",
                "{'name':'x','tenant':'A B'}       | /tenant | must match",
                "{'name':'x','secret':'y'}         | /secret | name, tenant, role",
                "[]                                | body    | name, tenant, role",
                "{'name':'a\\ud83db'}             | /name   | lone surrogate",
                "{'name':'a\\u0000b'}             | /name   | U+0000",
            })
    void wrongKeyRequestIsRefused(String json, String field, String accepted) {
        Answer answer = producer.post("/api/v1/keys", json.replace('\'', '"'));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer).matches(a -> a.blames(field, accepted));
    }

    @Test
    void anotherTenantsTaskIsNotThere() {
        String mine = producer.newKey("tenant-one", "user");
        String other = producer.newKey("tenant-two", "user");
        Answer accepted =
                producer.request(mine, "POST", "/api/v1/tasks", TASK.getBytes(), Map.of());
        String path = "/api/v1/tasks/" + accepted.json().get("id").asString();

        assertThat(status(mine, path)).isEqualTo(200);
        assertThat(status(mine, path + "/input")).isEqualTo(200);
        assertThat(status(other, path)).isEqualTo(404);
        assertThat(status(other, path + "/input")).isEqualTo(404);
        assertThat(delete(other, path).status()).isEqualTo(404);
        assertThat(producer.request(other, "POST", path + "/cancel", null, Map.of()).status())
                .isEqualTo(404);
        assertThat(
                        producer.request(other, "GET", "/api/v1/tasks", null, Map.of())
                                .json()
                                .get("items")
                                .size())
                .isZero();
        Answer unknown =
                producer.request(
                        other, "GET", "/api/v1/tasks/" + UUID.randomUUID(), null, Map.of());
        assertThat(unknown.status()).isEqualTo(404);
    }

    @Test
    void anotherTenantsBatchIsNotThere() {
        String mine = producer.newKey("tenant-one", "user");
        String other = producer.newKey("tenant-two", "user");
        String batch =
                producer.request(
                                mine,
                                "POST",
                                "/api/v1/tasks/bulk",
                                TASK.getBytes(),
                                Map.of("Content-Type", "application/x-ndjson"))
                        .header("Location");

        assertThat(status(mine, batch)).isEqualTo(200);
        assertThat(status(other, batch)).isEqualTo(404);
    }

    private static int status(String key, String path) {
        return producer.request(key, "GET", path, null, Map.of()).status();
    }

    private static Answer delete(String key, String path) {
        return producer.request(key, "DELETE", path, null, Map.of());
    }
}
