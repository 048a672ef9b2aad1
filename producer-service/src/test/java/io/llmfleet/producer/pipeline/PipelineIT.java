package io.llmfleet.producer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import io.llmfleet.model.FailureCode;
import io.llmfleet.producer.Answer;
import io.llmfleet.producer.Events;
import io.llmfleet.producer.ProducerUnderTest;
import io.llmfleet.producer.Worker;
import io.llmfleet.producer.task.RetentionProperties;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.wire.Delegated;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.RoutingKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
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

    private static final String WITH_A_WAIT =
            """
            steps:
              - {id: outline, type: generate, input: {prompt: outline}}
              - {id: approval, needs: [outline], wait: {for: a yes}}
              - id: draft
                needs: [approval]
                type: generate
                input: {prompt: "Draft of: ${steps.outline.text}"}
            """;

    private static final String DELEGATES_TOO_MUCH =
            """
            steps:
              - {id: lead, type: chat, input: {text: x}, delegation: {maxTasks: 999, most: 1}}
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
        assertThat(done.at("/usage/cost").asDouble()).isEqualTo(0.5);
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
                            input: {messages: [{role: user, content: "${steps.a.}"}]}
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

    @Test
    void aListIsWorkedOnAFewAtATimeAndKeepsItsOrder() {
        put(
                "sections",
                """
                steps:
                  - id: sections
                    map: {over: "${input.titles}", as: title, parallel: 2, max: 5}
                    type: generate
                    input: {prompt: "${index}: ${title}"}
                output: "${steps.sections.text}"
                """);

        UUID run = start("sections", "{'titles':['a','b','c']}");
        List<UUID> first = openTasks(run, "sections", 2);
        List<Envelope> two = first.stream().map(worker::take).toList();
        two.reversed().forEach(t -> worker.succeed(t, "text of " + prompt(t)));
        UUID last = await().until(() -> task(run, "sections"), t -> !first.contains(t));
        Envelope third = worker.take(last);
        worker.succeed(third, "text of " + prompt(third));

        assertThat(ended(run, "SUCCEEDED").path("output").valueStream().map(JsonNode::asString))
                .containsExactly("text of 0: a", "text of 1: b", "text of 2: c");
    }

    @Test
    void aListThatIsTooLongFailsItsStep() {
        put(
                "few",
                """
                steps:
                  - {id: all, map: {over: "input.titles", max: 2}, type: generate, input: {prompt: "${item}"}}
                """);

        UUID run = start("few", "{'titles':['a','b','c']}");

        assertThat(ended(run, "FAILED").at("/failure/code").asString()).isEqualTo("TOO_MANY_ITEMS");
    }

    @Test
    void aLoopGoesOnUntilItIsGoodEnough() {
        put(
                "improve",
                """
                steps:
                  - id: best
                    loop: {until: "$contains(output.judge.text, 'good')", max: 4}
                    do:
                      - {id: write, type: generate, input: {prompt: "try ${iteration} after ${last.write.text}"}}
                      - {id: judge, type: generate, input: {prompt: "judge ${parts.write.text}"}}
                output: "${steps.best.write.text}"
                """);

        UUID run = start("improve", "{}");
        answer(run, "best", "try 1 after ", "one");
        answer(run, "best", "judge one", "bad");
        answer(run, "best", "try 2 after one", "two");
        answer(run, "best", "judge two", "good");

        assertThat(ended(run, "SUCCEEDED").path("output").asString()).isEqualTo("two");
    }

    @Test
    void aConditionSkipsAStepAndThoseAfterItSeeNothingOfIt() {
        put(
                "maybe",
                """
                steps:
                  - {id: extra, when: "${input.wanted}", type: generate, input: {prompt: extra}}
                  - {id: merged, value: {extra: "${steps.extra.text}", always: 1}}
                """);

        UUID run = start("maybe", "{'wanted':false}");

        JsonNode done = ended(run, "SUCCEEDED");
        assertThat(done.path("output").toString()).isEqualTo("{\"extra\":null,\"always\":1}");
        assertThat(step(run, "extra").path("state").asString()).isEqualTo("SKIPPED");
    }

    @Test
    void aStepWaitsForWhatSomeoneSays() {
        put(
                "approval",
                """
                steps:
                  - {id: approval, wait: {for: a person's approval, timeout: PT1H}}
                  - {id: after, value: "${steps.approval.by} said ${steps.approval.word}"}
                """);
        UUID run = start("approval", "{}");
        await().until(() -> step(run, "approval").path("state").asString().equals("WAITING"));
        String input = "/api/v1/runs/" + run + "/steps/approval/input";

        Answer given = producer.post(input, "{\"by\":\"Ada\",\"word\":\"yes\"}");

        assertThat(given.status()).isEqualTo(202);
        assertThat(ended(run, "SUCCEEDED").path("output").asString()).isEqualTo("Ada said yes");
        assertThat(producer.post(input, "{}").status()).isEqualTo(409);
    }

    @Test
    void aFallbackTakesOverWhenAllAttemptsFailed() {
        put(
                "careful",
                """
                steps:
                  - id: hard
                    type: generate
                    input: {prompt: hard}
                    retry: {attempts: 2}
                    fallback: {type: generate, input: {prompt: easy}}
                """);

        UUID run = start("careful", "{}");
        UUID first = task(run, "hard");
        worker.fail(worker.take(first), FailureCode.BACKEND_ERROR);
        UUID second = await().until(() -> task(run, "hard"), t -> !t.equals(first));
        worker.fail(worker.take(second), FailureCode.BACKEND_REFUSED);
        answer(run, "hard", "easy", "done");

        assertThat(ended(run, "SUCCEEDED").at("/output/text").asString()).isEqualTo("done");
    }

    @Test
    void anotherStepTakesOverAndWhatIsLeftOfTheFailedOneIsCancelled() {
        put(
                "taken-over",
                """
                steps:
                  - id: hard
                    map: {over: "input.parts"}
                    type: generate
                    input: {prompt: "${item}"}
                    fallback: {step: easy}
                  - {id: easy, type: generate, input: {prompt: easy}, fallback: {step: person}}
                  - {id: person, wait: {for: a person's text}}
                  - {id: after, value: "${steps.hard.text}!"}
                """);
        UUID run = start("taken-over", "{'parts':['a','b']}");
        Events events = producer.streamOf("/api/v1/runs/" + run + "/events");
        List<UUID> both = openTasks(run, "hard", 2);
        worker.fail(worker.take(both.getFirst()), FailureCode.BACKEND_REFUSED);
        UUID easy = task(run, "easy");
        await().until(() -> taskState(both.getLast()).equals("CANCELLED"));
        assertThat(step(run, "hard").path("state").asString()).isEqualTo("REPLACED");
        worker.fail(worker.take(easy), FailureCode.BACKEND_REFUSED);
        await().until(() -> step(run, "person").path("state").asString().equals("WAITING"));

        producer.post("/api/v1/runs/" + run + "/steps/person/input", "{\"text\":\"done\"}");

        JsonNode done = ended(run, "SUCCEEDED");
        assertThat(done.path("output").asString()).isEqualTo("done!");
        assertThat(step(run, "hard").at("/failure/code").asString()).isEqualTo("BACKEND_REFUSED");
        assertThat(step(run, "hard").path("fallback").asString()).isEqualTo("easy");
        assertThat(producer.get("/api/v1/runs/" + run + "/graph").response().body())
                .contains("hard -. fallback .-> easy", "hard<br/>REPLACED", ":::replaced");
        assertThat(events.untilEnd())
                .filteredOn(e -> e.name().equals("step"))
                .extracting(
                        e ->
                                e.json().path("id").asString()
                                        + " "
                                        + e.json().path("state").asString())
                .contains("hard REPLACED", "easy REPLACED", "person SUCCEEDED");
    }

    @Test
    void aStepMayDelegateWithinItsBounds() {
        put(
                "delegating",
                """
                steps:
                  - id: lead
                    type: chat
                    input: {text: "${input.topic}"}
                    delegation: {maxTasks: 1}
                output: "${steps.lead.text}"
                """);
        UUID run = start("delegating", "{'topic':'queues'}");
        UUID lead = task(run, "lead");
        delegate(worker.take(lead));
        String child =
                await().until(
                                () ->
                                        producer.get("/api/v1/tasks?parent=" + lead)
                                                .json()
                                                .at("/items/0/id")
                                                .asString(""),
                                id -> !id.isEmpty());
        worker.succeed(worker.take(UUID.fromString(child)), "found");
        GetResponse second = producer.takeTask(lead);
        JsonNode told = Json.tree(second.getBody()).path("delegation");
        assertThat(told.path("tasksLeft").asInt()).isZero();
        assertThat(told.at("/results/0/output/text").asString()).isEqualTo("found");

        worker.succeed(
                ProducerUnderTest.envelope(second).routed("default", Worker.MODEL, "it"), "all");

        JsonNode done = ended(run, "SUCCEEDED");
        assertThat(done.path("output").asString()).isEqualTo("all");
        assertThat(done.at("/usage/tokens").asInt()).isEqualTo(16);
        assertThat(done.at("/usage/cost").asDouble()).isEqualTo(0.5);
        assertThat(put("too-much", DELEGATES_TOO_MUCH))
                .matches(r -> r.status() == 422)
                .matches(r -> r.blames("steps[0].delegation.maxTasks", "1 to 64"))
                .matches(r -> r.blames("steps[0].delegation.most", "unknown field"));
    }

    private static void delegate(Envelope task) {
        JsonNode input = Json.MAPPER.createObjectNode().put("text", "find it");
        Delegated asked =
                new Delegated(
                        List.of(new Delegated.Call("a", "chat", null, input)), null, null, null);
        worker.reply(task, RoutingKeys.DELEGATED, Json.bytes(asked));
    }

    @Test
    void aSpentBudgetStartsNothingMore() {
        put("cheap", "budget: {tokens: 5}\n" + TWO_STEPS);
        UUID run = start("cheap", "{'topic':'queues'}");
        answer(run, "outline", "Outline queues", "one");

        assertThat(ended(run, "FAILED").at("/failure/code").asString()).isEqualTo("BUDGET_SPENT");
    }

    @Test
    void theSameKeyStartsOneRun() {
        put("two-steps", TWO_STEPS);
        byte[] body = "{\"input\":{\"topic\":\"x\"}}".getBytes(StandardCharsets.UTF_8);
        String path = "/api/v1/pipelines/two-steps/runs";
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String admin = ProducerUnderTest.ADMIN;

        Answer first = producer.request(admin, "POST", path, body, key);
        Answer again = producer.request(admin, "POST", path, body, key);

        assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void isFollowedDrawnAndDeleted() {
        put("two-steps", TWO_STEPS);
        UUID run = start("two-steps", "{'topic':'a secret'}");
        String path = "/api/v1/runs/" + run;
        Events events = producer.streamOf(path + "/events");
        answer(run, "outline", "Outline a secret", "one");
        answer(run, "draft", "Draft of: one", "two");
        ended(run, "SUCCEEDED");

        events.untilEnd();
        assertThat(events.names()).startsWith("run").contains("step").endsWith("final");
        assertThat(producer.get(path + "/graph").response().body())
                .startsWith("flowchart TD")
                .contains("outline --> draft", "draft[\"draft<br/>SUCCEEDED");
        UUID task = UUID.fromString(run(run).at("/steps/0/tasks/0/id").asString());
        String stranger = producer.newKey("stranger", "user");
        assertThat(producer.request(stranger, "GET", path, null, Map.of()).status()).isEqualTo(404);

        producer.request(ProducerUnderTest.ADMIN, "DELETE", path, null, Map.of());

        assertThat(producer.get(path).response().body()).doesNotContain("secret", "one", "two\"");
        assertThat(producer.part(Tasks.class).input("default", task)).isEmpty();
    }

    @Test
    void goesOnThoughItsDefinitionIsReplacedAndItsTasksAreGone() {
        UUID run = startToTheWait("outlived");
        put("outlived", "steps: [{id: other, value: 1}]");
        UUID outline = UUID.fromString(run(run).at("/steps/0/tasks/0/id").asString());
        JdbcTemplate jdbc = producer.part(JdbcTemplate.class);
        for (String rows :
                List.of("task_input where task_id", "task_output where task_id", "task where id")) {
            jdbc.update("delete from " + rows + " = ?", outline);
        }
        age(run, 40);

        approve(run);
        answer(run, "draft", "Draft of: the outline", "the end");

        assertThat(ended(run, "SUCCEEDED").at("/output/text").asString()).isEqualTo("the end");
        age(run, 10);
        Answer withoutContent = producer.get("/api/v1/runs/" + run);
        assertThat(withoutContent.status()).isEqualTo(200);
        assertThat(withoutContent.response().body()).doesNotContain("the outline", "the end");
        age(run, 40);
        assertThat(producer.get("/api/v1/runs/" + run).status()).isEqualTo(404);
    }

    private static UUID startToTheWait(String name) {
        put(name, WITH_A_WAIT);
        UUID run = start(name, "{}");
        answer(run, "outline", "outline", "the outline");
        await().until(() -> step(run, "approval").path("state").asString().equals("WAITING"));
        return run;
    }

    private static void approve(UUID run) {
        String path = "/api/v1/runs/" + run + "/steps/approval/input";
        assertThat(producer.post(path, "{\"yes\":true}").status()).isEqualTo(202);
    }

    /** As if it had begun so many days ago, after the cleaning of today. */
    private static void age(UUID run, int days) {
        JdbcTemplate jdbc = producer.part(JdbcTemplate.class);
        jdbc.update(
                "update pipeline_run set created_at = now() - make_interval(days => ?) where id = ?",
                days,
                run);
        new RunRetention(jdbc, producer.part(RetentionProperties.class)).clean();
    }

    @Test
    void whatATaskCameToIsGoneWithItAndFailsWhatWouldReadIt() {
        UUID run = startToTheWait("taken-away");
        String outline = run(run).at("/steps/0/tasks/0/id").asString();

        delete("/api/v1/tasks/" + outline);
        approve(run);

        JsonNode failed = ended(run, "FAILED");
        assertThat(failed.at("/failure/code").asString()).isEqualTo("CONTENT_ERASED");
        assertThat(failed.at("/failure/message").asString())
                .isEqualTo("step draft: what step outline came to was deleted");
        assertThat(failed.toString()).doesNotContain("the outline");
    }

    @Test
    void theOutputOfARunIsGoneWithTheTaskThatMadeIt() {
        UUID run = startToTheWait("taken-away");
        approve(run);
        answer(run, "draft", "Draft of: the outline", "the end");
        JsonNode done = ended(run, "SUCCEEDED");

        delete("/api/v1/tasks/" + done.at("/steps/2/tasks/0/id").asString());

        assertThat(run(run).toString()).contains("the outline").doesNotContain("the end");
    }

    @Test
    void aRunThatIsDeletedWhileItRunsEndsWithAllThatItHolds() {
        put(
                "deleted",
                """
                steps:
                  - id: all
                    map: {over: input.titles, parallel: 2}
                    type: generate
                    input: {prompt: "${item}"}
                """);
        UUID run = start("deleted", "{'titles':['secret 1','secret 2','secret 3','secret 4']}");
        List<UUID> first = openTasks(run, "all", 2);
        worker.succeed(worker.take(first.getFirst()), "secret text");
        List<UUID> under =
                await().until(() -> openTasks(run, "all", 2), o -> !o.contains(first.getFirst()));
        List<Envelope> running = under.stream().map(worker::take).toList();

        delete("/api/v1/runs/" + run);
        running.forEach(t -> worker.succeed(t, "secret text"));

        under.forEach(t -> await().until(() -> taskState(t).equals("CANCELLED")));
        JsonNode tasks = producer.get("/api/v1/tasks?batch=" + run).json().path("items");
        assertThat(tasks).hasSize(3);
        assertThat(tasks.valueStream().map(t -> UUID.fromString(t.path("id").asString())))
                .allMatch(t -> producer.part(Tasks.class).input("default", t).isEmpty());
        assertThat(ended(run, "CANCELLED").toString()).doesNotContain("secret");
        assertThat(producer.post("/api/v1/runs/" + run + "/resume", "").status()).isEqualTo(409);
    }

    private static void delete(String path) {
        Answer deleted = producer.request(ProducerUnderTest.ADMIN, "DELETE", path, null, Map.of());
        assertThat(deleted.status()).isEqualTo(204);
    }

    private static void answer(UUID run, String step, String prompt, String text) {
        UUID task =
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> task(run, step), t -> prompt(t).equals(prompt));
        worker.succeed(worker.take(task), text);
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
        return prompt(task.taskId());
    }

    /** Empty until the task is accepted. */
    private static String prompt(UUID task) {
        return producer.part(Tasks.class)
                .input("default", task)
                .map(body -> Json.tree(body).at("/input/prompt").asString())
                .orElse("");
    }
}
