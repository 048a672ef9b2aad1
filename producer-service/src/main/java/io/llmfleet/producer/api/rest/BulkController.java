package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.CallerLimits;
import io.llmfleet.producer.api.IdempotencyKey;
import io.llmfleet.producer.batch.BatchIntake;
import io.llmfleet.producer.batch.BatchView;
import io.llmfleet.producer.batch.Batches;
import io.llmfleet.producer.batch.LineOutcome;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.tracing.Spans;
import io.llmfleet.wire.Headers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Accepts many tasks at once and shows how far they are. */
@RestController
class BulkController implements BulkApi {

    private static final Logger log = LoggerFactory.getLogger(BulkController.class);

    private final Batches batches;
    private final BatchIntake intake;

    BulkController(Batches batches, BatchIntake intake) {
        this.batches = batches;
        this.intake = intake;
    }

    @Override
    public void submit(
            @AuthenticationPrincipal Caller caller,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        String trace = request.getHeader(Headers.TRACE_PARENT);
        Optional<String> key = key(request);
        Batches.Opened opened = batches.open(caller.tenant(), key);
        UUID batch = opened.id();
        if (opened.known()) {
            response.setHeader(IdempotencyKey.REPLAYED, "true");
        }
        response.setContentType(NDJSON);
        // Known to the caller even if the connection breaks on the way.
        response.setHeader("Location", "/api/v1/batches/" + batch);
        response.getOutputStream().write(BulkAnswer.first(batch));
        response.flushBuffer();
        AtomicInteger refused = new AtomicInteger();
        try (Spool answer = new Spool()) {
            intake.run(
                    request.getInputStream(),
                    CallerLimits.bodySize(request),
                    () ->
                            TaskOrigin.of(caller.tenant(), caller.key(), Spans.ofRequest(trace))
                                    .inBatch(batch)
                                    .nestedUpTo(CallerLimits.jsonDepth(request)),
                    key,
                    outcome -> tell(answer, outcome, refused));
            close(batch, refused.get());
            answer.copyTo(response.getOutputStream());
        } catch (IOException | RuntimeException e) {
            close(batch, refused.get());
            throw e;
        }
    }

    @Override
    public BatchView get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return batches.find(caller.tenant(), PathId.require("batch", id))
                .orElseThrow(() -> BadRequestException.unknown("batch", id));
    }

    private static Optional<String> key(HttpServletRequest request) {
        try {
            return IdempotencyKey.read(
                    request.getHeader(IdempotencyKey.HEADER), "POST /api/v1/tasks/bulk");
        } catch (IllegalArgumentException e) {
            throw BadRequestException.of(IdempotencyKey.HEADER, String.valueOf(e.getMessage()));
        }
    }

    private static void tell(Spool answer, LineOutcome outcome, AtomicInteger refused) {
        if (!(outcome instanceof LineOutcome.Accepted)) {
            refused.incrementAndGet();
        }
        try {
            answer.write(BulkAnswer.line(outcome));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A batch that cannot be closed now counts as closed after a while. */
    private void close(UUID batch, int refused) {
        try {
            batches.close(batch, refused);
        } catch (RuntimeException e) {
            log.warn("batch {} was not closed: {}", batch, e.toString());
        }
    }
}
