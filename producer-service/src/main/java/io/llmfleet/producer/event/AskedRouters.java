package io.llmfleet.producer.event;

import io.llmfleet.broker.EventPublisher;
import io.llmfleet.wire.RouteExplanation;
import io.llmfleet.wire.RouteQuestion;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks on the event stream, which every router reads, and waits there for the first answer. */
final class AskedRouters implements RouteQuestions {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final EventPublisher events;
    private final Map<UUID, CompletableFuture<RouteExplanation>> open = new ConcurrentHashMap<>();

    AskedRouters(EventPublisher events) {
        this.events = events;
    }

    @Override
    public Optional<RouteExplanation> ask(RouteQuestion question) {
        CompletableFuture<RouteExplanation> answer = new CompletableFuture<>();
        open.put(question.id(), answer);
        try {
            events.ask(question);
            return Optional.of(answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            open.remove(question.id());
        }
    }

    /** Every replica hears every answer; only the one that asked wants it. */
    void heard(RouteExplanation answer) {
        CompletableFuture<RouteExplanation> waiting = open.get(answer.id());
        if (waiting != null) {
            waiting.complete(answer);
        }
    }
}
