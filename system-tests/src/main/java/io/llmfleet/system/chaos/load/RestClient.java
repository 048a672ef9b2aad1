package io.llmfleet.system.chaos.load;

import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.system.chaos.load.Attempt.Way;
import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Submits tasks over the REST API, one by one and in bulk, and writes down what came of it. */
public final class RestClient {

    private final Rest rest;
    private final Ledger ledger;

    public RestClient(Rest rest, Ledger ledger) {
        this.rest = rest;
        this.ledger = ledger;
    }

    /** A task for the target whose input is its key. */
    public static ObjectNode task(String key, String target) {
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", "chat").put("target", target);
        task.putObject("input")
                .putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", key);
        // The instant backend repeats this one.
        ((ObjectNode) task.get("input")).put("text", key);
        return task;
    }

    /** Submits one task; returns its key. */
    public String submit(String target) {
        return submit(target, task -> task);
    }

    /**
     * @param change what is special about it
     */
    public String submit(String target, UnaryOperator<ObjectNode> change) {
        String key = ledger.attempt(Way.REST);
        submit(key, change.apply(task(key, target)));
        return key;
    }

    private void submit(String key, ObjectNode task) {
        Rest.Answer answer = rest.post("/tasks", task);
        if (answer.ok()) {
            ledger.accepted(key, answer.json().path("id").asString(""));
        } else if (answer.refused()) {
            ledger.refused(key);
        }
    }

    /** Submits once, and tells what was answered. */
    public Rest.Answer ask(String target, UnaryOperator<ObjectNode> change) {
        String key = ledger.attempt(Way.REST);
        Rest.Answer answer = rest.post("/tasks", change.apply(task(key, target)));
        if (answer.ok()) {
            ledger.accepted(key, answer.json().path("id").asString(""));
        } else if (answer.refused()) {
            ledger.refused(key);
        }
        return answer;
    }

    /** Submits so many in one request; returns their keys. */
    public List<String> bulk(int count, String target) {
        return bulk(count, target, task -> task);
    }

    public List<String> bulk(int count, String target, UnaryOperator<ObjectNode> change) {
        List<String> keys = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < count; i++) {
            String key = ledger.attempt(Way.BULK);
            keys.add(key);
            body.append(Json.write(change.apply(task(key, target)))).append('\n');
        }
        bulk(keys, body.toString());
        return keys;
    }

    /** Submits one turn of each of these conversations in one request; returns their keys. */
    public List<String> turns(List<String> conversations, String target) {
        List<String> keys = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        for (String conversation : conversations) {
            String key = ledger.attempt(Way.BULK, Attempt.SUCCEEDS, conversation);
            keys.add(key);
            ObjectNode turn = task(key, target).put("conversation", conversation);
            body.append(Json.write(turn)).append('\n');
        }
        bulk(keys, body.toString());
        return keys;
    }

    private void bulk(List<String> keys, String body) {
        Rest.Answer answer =
                rest.send(
                        "POST",
                        "/tasks/bulk",
                        body,
                        Map.of("Content-Type", "application/x-ndjson"));
        if (answer.refused()) {
            keys.forEach(ledger::refused);
        } else if (answer.ok()) {
            answer.body().lines().forEach(line -> settle(keys, line));
        }
    }

    private void settle(List<String> keys, String line) {
        JsonNode outcome = Json.MAPPER.readTree(line);
        if (!outcome.has("line")) {
            return;
        }
        String key = keys.get(outcome.path("line").asInt() - 1);
        if (outcome.has("id")) {
            ledger.accepted(key, outcome.path("id").asString(""));
        } else if (outcome.path("error").path("status").asInt(500) < 500) {
            ledger.refused(key);
        }
    }
}
