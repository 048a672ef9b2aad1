package io.llmfleet.producer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Runs of pipelines, whose tasks the test does itself. */
class PipelineIT {

    private static final ProducerUnderTest producer = ProducerUnderTest.shared();
    private static final Worker worker = new Worker(producer);

    private static final String TWO_STEPS =
            """
            description: Two steps in line.
            input: {type: object, required: [topic]}
            steps:
              - id: outline
                type: generate
                input: {prompt: "Outline ${input.topic}"}
              - id: draft
                type: generate
                input: {prompt: "Draft of: ${steps.outline.text}"}
            output:
              text: "${steps.draft.text}"
              from: "${steps.outline.text}"
            """;

    @Test
    void stepsFollowEachOtherAndSeeWhatWasBefore() {
        put("two-steps", TWO_STEPS);

        UUID run = start("two-steps", "{'topic':'queues'}");
        Envelope outline = worker.take(task(run, "outline"));
        worker.succeed(outline, "one, two");
        Envelope draft = worker.take(task(run, "draft"));
        assertThat(prompt(draft)).isEqualTo("Draft of: one, two");
        worker.succeed(draft, "the end");

        JsonNode done = ended(run, "SUCCEEDED");
        assertThat(done.at("/output/text").asString()).isEqualTo("the end");
        assertThat(done.at("/output/from").asString()).isEqualTo("one, two");
        assertThat(done.at("/usage/tokens").asInt()).isEqualTo(16);
    }

    @Test
    void theSameContentIsNoNewVersion() {
        Answer first = put("versions", TWO_STEPS);
        Answer again = put("versions", TWO_STEPS);
        Answer other = put("versions", TWO_STEPS.replace("Draft of", "Text of"));

        assertThat(List.of(first.status(), again.status(), other.status()))
                .containsExactly(201, 200, 201);
        assertThat(other.json().path("version").asInt()).isEqualTo(2);
        assertThat(producer.get("/api/v1/pipelines/versions?version=1").response().body())
                .contains("Draft of");
    }

    @Test
    void whatIsWrongIsNamedWithItsPlace() {
        Answer refused =
                put(
                        "wrong",
                        """
                        steps:
                          - id: a
                            type: nothing
                            input: {prompt: "${steps.b.text}"}
                          - id: b
                            type: chat
                            input: {messages: [{role: user, content: "${steps.a."}]}
                            needs: [a, c]
                        """);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused)
                .matches(r -> r.blames("steps[0].type", "nothing"))
                .matches(r -> r.blames("steps[1].input.messages[0].content", "JSONata"))
                .matches(r -> r.blames("steps[1].needs", "no step 'c'"));
    }

    @Test
    void anInputThatDoesNotFitIsRefused() {
        put("two-steps", TWO_STEPS);

        Answer refused = producer.post("/api/v1/pipelines/two-steps/runs", "{\"input\":{}}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused).matches(r -> r.blames("/input/topic", "required"));
    }

    @Test
    void aFailedStepFailsTheRunAndAResumedOneGoesOnThere() {
        put("two-steps", TWO_STEPS);
        UUID run = start("two-steps", "{'topic':'queues'}");
        UUID outline = task(run, "outline");
        worker.succeed(worker.take(outline), "one, two");
        UUID draft = task(run, "draft");
        worker.fail(worker.take(draft), FailureCode.BACKEND_REFUSED);
        JsonNode failed = ended(run, "FAILED");
        assertThat(failed.at("/failure/code").asString()).isEqualTo("BACKEND_REFUSED");

        assertThat(producer.post("/api/v1/runs/" + run + "/resume", "").status()).isEqualTo(202);
        UUID again = task(run, "draft");
        assertThat(again).isNotEqualTo(draft);
        worker.succeed(worker.take(again), "the end");

        JsonNode done = ended(run, "SUCCEEDED");
        assertThat(done.at("/steps/0/tasks/0/id").asString()).isEqualTo(outline.toString());
        assertThat(done.at("/steps/0/tasks")).hasSize(1);
    }

    @Test
    void aCancelledRunCancelsItsTasks() {
        put("two-steps", TWO_STEPS);
        UUID run = start("two-steps", "{'topic':'queues'}");
        UUID outline = task(run, "outline");

        producer.post("/api/v1/runs/" + run + "/cancel", "");

        ended(run, "CANCELLED");
        await().until(() -> taskState(outline).equals("CANCELLED"));
        assertThat(step(run, "outline").path("state").asString()).isEqualTo("CANCELLED");
    }

    static Answer put(String name, String yaml) {
        return producer.request(
                ProducerUnderTest.ADMIN,
                "PUT",
                "/api/v1/pipelines/" + name,
                yaml.getBytes(StandardCharsets.UTF_8),
                Map.of("Content-Type", "application/yaml"));
    }

    /**
     * @param input JSON with single quotes
     */
    private static UUID start(String name, String input) {
        Answer started =
                producer.post(
                        "/api/v1/pipelines/" + name + "/runs",
                        "{\"input\":" + input.replace('\'', '"') + "}");
        assertThat(started.status()).as(started.toString()).isEqualTo(201);
        return UUID.fromString(started.json().path("id").asString());
    }

    private static JsonNode run(UUID run) {
        return producer.get("/api/v1/runs/" + run).json();
    }

    private static JsonNode ended(UUID run, String state) {
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> run(run), r -> r.path("state").asString().equals(state));
    }

    private static JsonNode step(UUID run, String id) {
        return run(run).path("steps")
                .valueStream()
                .filter(s -> s.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** The one task of a step that is not final, once there is one. */
    private static UUID task(UUID run, String step) {
        return openTasks(run, step, 1).getFirst();
    }

    private static List<UUID> openTasks(UUID run, String step, int count) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () ->
                                step(run, step)
                                        .path("tasks")
                                        .valueStream()
                                        .filter(t -> !t.has("state"))
                                        .map(t -> UUID.fromString(t.path("id").asString()))
                                        .toList(),
                        tasks -> tasks.size() == count);
    }

    private static String taskState(UUID task) {
        return producer.get("/api/v1/tasks/" + task).json().path("state").asString();
    }

    private static String prompt(Envelope task) {
        byte[] body = producer.part(Tasks.class).input("default", task.taskId()).orElseThrow();
        return Json.tree(body).at("/input/prompt").asString();
    }
}
