package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** D1: the one that is left goes on with it, and each letter is replayed once. */
final class ReplayOfManyKilled implements ChaosCase {

    private static final int LETTERS = 60;
    private static final int SOME = 10;
    private static final int PER_SECOND = 10;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "D1";
    }

    @Override
    public String fault() {
        return "kill -9 of a producer in a replay of many dead letters";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet().backend().behave(call -> Behaviour.status(400));
        List<String> keys = run.rest().bulk(LETTERS, HttpBackend.MODEL);
        run.requireWithin(
                LIMIT, "all are parked", () -> run.observer().letters().size() == LETTERS);
        run.fleet().backend().heal();
        keys.forEach(key -> run.ledger().replayed(run.id(key)));
        String job = start(run);
        // Both take portions in turn until then; afterwards there is only the other one.
        Waits.require(SOME + " letters are replayed", LIMIT, () -> done(run, job) >= SOME);
        int before = done(run, job);
        run.fleet().kill(run.fleet().all(Service.PRODUCER).getFirst());
        run.note("killed with " + before + " of " + LETTERS + " replayed");
        run.require(before < LETTERS, "it is killed before the end");
        run.requireWithin(LIMIT, "the job ends", () -> done(run, job) == LETTERS);
        run.fleet().heal();
        run.requireWithin(LIMIT, "all succeed", () -> run.allSucceeded(keys));
        keys.forEach(key -> check(run, key));
        JsonNode ended = job(run, job);
        run.require(ended.path("state").asString("").equals("DONE"), "it is done: " + ended);
        run.require(ended.path("skipped").asInt() == 0, "no letter was met twice: " + ended);
    }

    private static void check(ChaosRun run, String key) {
        int calls = run.fleet().backend().calls(key).size();
        run.require(calls == 2, "a letter's task runs once more, not " + (calls - 1) + " times");
    }

    private static String start(ChaosRun run) {
        ObjectNode order = Json.MAPPER.createObjectNode().put("kind", "replay");
        order.putObject("filter").put("code", "BACKEND_REFUSED");
        order.put("perSecond", PER_SECOND);
        Rest.Answer answer = run.api().post("/dead-letters/jobs", order);
        if (!answer.ok()) {
            throw new FleetException("refused: " + answer.status() + " " + answer.body());
        }
        return answer.json().path("id").asString("");
    }

    private static JsonNode job(ChaosRun run, String id) {
        return run.api().get("/dead-letters/jobs/" + id).json();
    }

    private static int done(ChaosRun run, String id) {
        return job(run, id).path("done").asInt();
    }
}
