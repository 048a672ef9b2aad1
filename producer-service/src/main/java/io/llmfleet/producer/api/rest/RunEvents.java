package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.producer.api.EventWriter;
import io.llmfleet.producer.pipeline.Run;
import io.llmfleet.producer.pipeline.Runs;
import io.llmfleet.producer.pipeline.run.RunState;
import io.llmfleet.producer.pipeline.run.StepState;
import io.llmfleet.wire.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Tells a reader of the states that a run and its steps get, by looking again and again. */
final class RunEvents {

    private static final Logger log = LoggerFactory.getLogger(RunEvents.class);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Runs runs;
    private final String tenant;
    private final UUID id;
    private final Duration keepAlive;
    private final Map<String, String> told = new HashMap<>();
    private Instant silentSince = Instant.now();

    RunEvents(Runs runs, String tenant, UUID id, Duration keepAlive) {
        this.runs = runs;
        this.tenant = tenant;
        this.id = id;
        this.keepAlive = keepAlive;
    }

    /** A run's state. */
    record OfRun(UUID id, RunState state) {}

    /** A step's state. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OfStep(
            String id,
            StepState state,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt) {}

    void write(HttpServletResponse response, Run first) throws IOException {
        EventWriter out = EventWriter.open(response);
        try {
            Run run = first;
            while (!run.state().isFinal()) {
                tell(out, run);
                Thread.sleep(LOOK);
                run = look().orElse(run);
            }
            tell(out, run);
            out.send(null, "final", Json.write(RunJson.of(run)));
        } catch (IOException e) {
            log.debug("a reader of run {} is gone: {}", id, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Run> look() {
        try {
            return runs.find(tenant, id);
        } catch (DataAccessException | TransactionException e) {
            log.debug("run {} was not found, trying again: {}", id, e.toString());
            return Optional.empty();
        }
    }

    private void tell(EventWriter out, Run run) throws IOException {
        send(out, "run", "", Json.write(new OfRun(id, run.state())));
        for (var step : run.steps()) {
            OfStep event = new OfStep(step.id(), step.state(), step.startedAt(), step.finishedAt());
            send(out, "step", step.id(), Json.write(event));
        }
        if (Duration.between(silentSince, Instant.now()).compareTo(keepAlive) > 0) {
            out.keepAlive();
            silentSince = Instant.now();
        }
    }

    private void send(EventWriter out, String name, String of, String data) throws IOException {
        if (!data.equals(told.put(of, data))) {
            out.send(null, name, data);
            silentSince = Instant.now();
        }
    }
}
