package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.system.chaos.load.Attempt.Way;
import io.llmfleet.system.chaos.load.RestClient;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Callers that wait for their answers, each with a key of its own: where nobody listens they try
 * the next replica, and they count how else they were answered.
 */
final class WaitingCalls {

    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final int TRIES = 40;

    private final ChaosRun run;
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();

    WaitingCalls(ChaosRun run) {
        this.run = run;
    }

    void makeWhile(BooleanSupplier wanted) {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            while (wanted.getAsBoolean()) {
                var _ = callers.submit(this::call);
                Waits.pause(PAUSE);
            }
        }
    }

    private void call() {
        String key = run.ledger().attempt(Way.REST);
        String task = Json.write(RestClient.task(key, HttpBackend.MODEL));
        for (int i = 0; i < TRIES; i++) {
            Rest.Answer answer =
                    run.api()
                            .send(
                                    "POST",
                                    "/tasks",
                                    task,
                                    Map.of(
                                            "Content-Type", "application/json",
                                            "Prefer", "wait=30",
                                            "Idempotency-Key", key));
            count(answer);
            if (answer.ok()) {
                run.ledger().accepted(key, answer.json().path("id").asString(""));
                return;
            }
            Waits.pause(PAUSE);
        }
    }

    private void count(Rest.Answer answer) {
        answers.computeIfAbsent(kind(answer), w -> new AtomicInteger()).incrementAndGet();
    }

    private static String kind(Rest.Answer answer) {
        if (answer.status() > 0) {
            return Integer.toString(answer.status());
        }
        if (says(answer, "ConnectException", "HttpConnectTimeoutException")) {
            return "nobody";
        }
        return says(answer, "no bytes", "reset", "Broken pipe", "ClosedChannelException")
                ? "no bytes"
                : "broken off";
    }

    private static boolean says(Rest.Answer answer, String... words) {
        return Stream.of(words).anyMatch(answer.body()::contains);
    }

    /** Whoever was waiting when its replica was stopped has an answer. */
    void report() {
        run.note("waiting calls were answered with " + answers);
        run.require(answers.containsKey("200"), "calls are answered with their results");
        run.require(
                answers.keySet().stream().noneMatch(a -> a.startsWith("5") || a.startsWith("4")),
                "no waiting call is refused");
        run.require(!answers.containsKey("broken off"), "no answer breaks off");
    }
}
