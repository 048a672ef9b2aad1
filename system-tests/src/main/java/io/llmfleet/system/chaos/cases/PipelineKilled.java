package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.check.Promise;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** P2: a run of the shipped {@code writing} goes on whatever service is killed. */
final class PipelineKilled implements ChaosCase {

    private static final int SECTIONS = 8;

    /** An outline, the sections, and the polished text. */
    private static final int TASKS = SECTIONS + 2;

    private static final Duration LIMIT = Duration.ofMinutes(4);

    @Override
    public String name() {
        return "P2";
    }

    @Override
    public String fault() {
        return "kill -9 of every service in one run of a pipeline";
    }

    @Override
    public FleetPlan plan() {
        return new StreamServerKilled().plan();
    }

    @Override
    public Promise promise() {
        return Promise.USUAL.mayRepeatCalls();
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        Rest api = owner(run);
        String id = start(api);
        // By then the outline is done, and each service dies while some sections are.
        Map<String, Long> confirmed = new HashMap<>();
        long inFlight = 0;
        int done = 1;
        for (Service service : List.of(Service.WORKER, Service.PRODUCER, Service.ROUTER)) {
            int wanted = done;
            Waits.require(
                    wanted + " tasks of the run are done",
                    LIMIT,
                    () -> count(tasks(api, id), true) >= wanted);
            long before = count(tasks(api, id), false);
            run.fleet().all(service).forEach(run.fleet()::kill);
            // Some may have begun while it was killed.
            long after = service == Service.PRODUCER ? before : count(tasks(api, id), false);
            inFlight += Math.max(before, after);
            run.fleet().heal();
            // What ended since the kill may have been called again, and counts from here.
            List<JsonNode> tasks = tasks(api, id);
            tasks.stream()
                    .filter(t -> t.has("state"))
                    .map(t -> t.path("id").asString(""))
                    .forEach(t -> confirmed.putIfAbsent(t, calls(run, t)));
            done = Math.min(TASKS - 1, (int) count(tasks, true) + 2);
            run.note(service + " killed with " + count(tasks, true) + " tasks done");
        }
        run.requireWithin(LIMIT, "the run succeeds", () -> state(api, id).equals("SUCCEEDED"));
        check(run, tasks(api, id), confirmed, inFlight);
    }

    private static void check(
            ChaosRun run, List<JsonNode> tasks, Map<String, Long> confirmed, long inFlight) {
        run.require(tasks.size() == TASKS, "each step has one task: " + tasks.size());
        confirmed.forEach(
                (task, calls) ->
                        run.require(
                                calls(run, task) == calls,
                                "a step whose result is confirmed is not called again"));
        long calls = tasks.stream().mapToLong(t -> calls(run, t.path("id").asString(""))).sum();
        run.note(calls + " calls for " + TASKS + " tasks, " + inFlight + " in flight at kills");
        run.require(calls <= TASKS + inFlight, "more calls than were in flight: " + calls);
    }

    /** A tenant of its own, so that the case's own tasks are counted alone. */
    private static Rest owner(ChaosRun run) {
        ObjectNode key = Json.MAPPER.createObjectNode().put("name", "p2").put("tenant", "writers");
        return run.api().withKey(ok(run.api().post("/keys", key)).path("key").asString(""));
    }

    /** The shipped pipeline, at the backend that logs its calls. */
    private static String start(Rest api) {
        JsonNode shipped = ok(api.get("/pipelines/writing")).path("definition");
        for (JsonNode step : shipped.path("steps")) {
            if (step.has("type")) {
                ((ObjectNode) step).put("target", ChaosRun.INSTANT);
            }
        }
        ok(
                api.send(
                        "PUT",
                        "/pipelines/writing",
                        Json.write(shipped),
                        Map.of("Content-Type", "application/json")));
        ObjectNode body = Json.MAPPER.createObjectNode();
        ObjectNode input = body.putObject("input").put("topic", "queues").put("notes", "Notes.");
        List<String> titles =
                IntStream.rangeClosed(1, SECTIONS).mapToObj(i -> "Section " + i).toList();
        input.set("sections", Json.MAPPER.valueToTree(titles));
        return ok(api.post("/pipelines/writing/runs", body)).path("id").asString("");
    }

    private static JsonNode ok(Rest.Answer answer) {
        if (!answer.ok()) {
            throw new FleetException("refused: " + answer.status() + " " + answer.body());
        }
        return answer.json();
    }

    private static String state(Rest api, String run) {
        return ok(api.get("/runs/" + run)).path("state").asString("");
    }

    private static List<JsonNode> tasks(Rest api, String run) {
        List<JsonNode> all = new ArrayList<>();
        ok(api.get("/runs/" + run)).path("steps").forEach(s -> s.path("tasks").forEach(all::add));
        return all;
    }

    private static long count(List<JsonNode> tasks, boolean ended) {
        return tasks.stream().filter(t -> t.has("state") == ended).count();
    }

    private static long calls(ChaosRun run, String task) {
        return run.fleet().callLog().stream().filter(line -> line.startsWith(task)).count();
    }
}
