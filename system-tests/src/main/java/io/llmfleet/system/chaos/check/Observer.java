package io.llmfleet.system.chaos.check;

import io.llmfleet.cli.FleetException;
import io.llmfleet.system.chaos.check.Observation.Look;
import io.llmfleet.system.chaos.check.Observation.TaskSeen;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.system.chaos.load.AmqpClient;
import io.llmfleet.system.chaos.load.AmqpClient.ResultMessage;
import io.llmfleet.system.chaos.load.Attempt;
import io.llmfleet.system.chaos.load.Attempt.Way;
import io.llmfleet.system.chaos.load.Ledger;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Waits until a case's tasks are final and looks at them over the APIs, as their owners would. */
public final class Observer {

    private static final List<String> OPEN =
            List.of("ACCEPTED", "QUEUED", "ROUTED", "RUNNING", "RETRYING");
    private static final int PAGE = 500;
    private static final int READERS = 6;

    private final List<Rest> tenants;
    private final AmqpClient amqp;
    private final Ledger ledger;
    private final Instant since;
    private final List<ResultMessage> results = new ArrayList<>();

    /**
     * @param tenants the API with a key of each tenant that has tasks, an admin's first
     * @param since older tasks belong to other cases
     */
    public Observer(List<Rest> tenants, AmqpClient amqp, Ledger ledger, Instant since) {
        this.tenants = List.copyOf(tenants);
        this.amqp = amqp;
        this.ledger = ledger;
        this.since = since;
    }

    /** Returns when nothing is open any more, or after the time limit. */
    public void drain(Duration limit) {
        var _ = Waits.until(limit, this::drained);
    }

    private boolean drained() {
        results.addAll(amqp.results());
        Set<String> answered = results.stream().map(ResultMessage::key).collect(Collectors.toSet());
        boolean amqpDone =
                ledger.all().stream()
                        .filter(a -> a.way() == Way.AMQP && a.accepted())
                        .allMatch(a -> answered.contains(a.key()));
        return amqpDone && tenants.stream().noneMatch(Observer::hasOpen);
    }

    private static boolean hasOpen(Rest tenant) {
        return OPEN.stream()
                .anyMatch(
                        state -> {
                            Rest.Answer answer = tenant.get("/tasks?limit=1&state=" + state);
                            return !answer.ok() || !answer.json().path("items").isEmpty();
                        });
    }

    /** Results of AMQP clients so far. */
    public List<ResultMessage> results() {
        results.addAll(amqp.results());
        return List.copyOf(results);
    }

    /** Every task of the case. */
    public List<TaskSeen> tasks() {
        Map<String, String> keys = new HashMap<>();
        for (Attempt attempt : ledger.all()) {
            if (attempt.taskId() != null) {
                keys.put(attempt.taskId(), attempt.key());
            }
        }
        List<TaskSeen> seen = new ArrayList<>();
        for (Rest tenant : tenants) {
            Map<String, Look> first = list(tenant);
            Map<String, String> texts = texts(tenant, first);
            Map<String, Look> last = list(tenant);
            first.forEach(
                    (id, look) ->
                            seen.add(
                                    task(
                                            id,
                                            keys.get(id),
                                            texts.get(id),
                                            look,
                                            last.getOrDefault(id, look))));
        }
        return seen;
    }

    private static TaskSeen task(
            String id, @Nullable String key, @Nullable String text, Look first, Look last) {
        boolean own = key == null || text == null || text.equals(key);
        return new TaskSeen(key == null ? text : key, id, first, last, own);
    }

    private Map<String, Look> list(Rest tenant) {
        Map<String, Look> all = new LinkedHashMap<>();
        String oldest = floor(since);
        String after = "";
        while (true) {
            JsonNode page = require(tenant, "/tasks?limit=" + PAGE + after);
            for (JsonNode task : page.path("items")) {
                String id = task.path("id").asString("");
                if (id.compareTo(oldest) < 0) {
                    return all;
                }
                all.put(
                        id,
                        new Look(
                                task.path("state").asString(""),
                                task.path("times").path("finishedAt").asString(null)));
            }
            if (!page.path("next").isString()) {
                return all;
            }
            after = "&after=" + page.path("next").asString("");
        }
    }

    /** What each task that succeeded answered. */
    private static Map<String, String> texts(Rest tenant, Map<String, Look> tasks) {
        Map<String, String> texts = new HashMap<>();
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            Map<String, Future<String>> reads = new LinkedHashMap<>();
            tasks.forEach(
                    (id, look) -> {
                        if (look.state().equals("SUCCEEDED")) {
                            reads.put(id, readers.submit(() -> text(tenant, id)));
                        }
                    });
            reads.forEach((id, read) -> texts.put(id, done(read)));
        }
        return texts;
    }

    private static String done(Future<String> read) {
        try {
            return read.get();
        } catch (ExecutionException e) {
            throw new FleetException("a task cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }

    private static String text(Rest tenant, String id) {
        return text(require(tenant, "/tasks/" + id));
    }

    /** The text that a task answered. */
    public static String text(JsonNode task) {
        return task.path("result")
                .path("output")
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asString("");
    }

    /** Open dead letters of the case. */
    public List<JsonNode> letters() {
        List<JsonNode> letters = new ArrayList<>();
        for (JsonNode letter :
                require(tenants.getFirst(), "/dead-letters?state=OPEN&limit=" + PAGE)
                        .path("items")) {
            if (!Instant.parse(letter.path("lastFailedAt").asString("")).isBefore(since)) {
                letters.add(letter);
            }
        }
        return letters;
    }

    /** What the case was meant to leave is out of the next one's way. */
    public void discardLetters() {
        for (JsonNode letter : letters()) {
            tenants.getFirst()
                    .post(
                            "/dead-letters/" + letter.path("id").asString("") + "/discard",
                            Json.MAPPER.createObjectNode().put("reason", "the case is over"));
        }
    }

    private static JsonNode require(Rest api, String path) {
        for (int tries = 0; tries < 20; tries++) {
            Rest.Answer answer = api.get(path);
            if (answer.ok()) {
                return answer.json();
            }
            Waits.pause(Duration.ofMillis(500));
        }
        throw new FleetException("the API does not answer " + path);
    }

    /** No UUIDv7 that was made later sorts before it. */
    static String floor(Instant time) {
        String hex = "%012x".formatted(time.toEpochMilli());
        return hex.substring(0, 8) + "-" + hex.substring(8);
    }
}
