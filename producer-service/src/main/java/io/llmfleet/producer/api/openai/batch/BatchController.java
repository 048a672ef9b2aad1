package io.llmfleet.producer.api.openai.batch;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.IdempotencyKey;
import io.llmfleet.producer.api.KeyReusedException;
import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.file.Files;
import io.llmfleet.producer.job.Job;
import io.llmfleet.producer.job.JobState;
import io.llmfleet.producer.job.Jobs;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Batches: files of requests, each of them a task of low priority. */
@RestController
class BatchController {

    private static final int DEFAULT = 20;
    private static final int MOST = 100;

    private final Jobs jobs;
    private final Files files;
    private final BatchLines lines;

    BatchController(Jobs jobs, Files files, BatchLines lines) {
        this.jobs = jobs;
        this.files = files;
        this.lines = lines;
    }

    @PostMapping(path = "/v1/batches", consumes = MediaType.APPLICATION_JSON_VALUE)
    ObjectNode create(
            @AuthenticationPrincipal Caller caller,
            HttpServletRequest servletRequest,
            HttpServletResponse response)
            throws IOException {
        ApiRequest request = ApiRequest.read(caller, servletRequest);
        Jobs.Created created = create(request);
        if (created.replayed()) {
            response.setHeader(IdempotencyKey.REPLAYED, "true");
        }
        return BatchJson.of(created.job());
    }

    /** What is known already is not checked again: its input may be gone by now. */
    private Jobs.Created create(ApiRequest request) {
        Optional<Job> known =
                request.key().flatMap(key -> jobs.find(request.caller().tenant(), key));
        if (known.isPresent()) {
            return new Jobs.Created(known.get(), true);
        }
        return jobs.create(BatchRequest.read(request, lines.urls(), files), request.key())
                .orElseThrow(KeyReusedException::new);
    }

    @GetMapping("/v1/batches")
    ObjectNode list(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        ListQuery query = ListQuery.read(request, WireId.BATCH, DEFAULT, MOST);
        return query.page(jobs.list(caller.tenant(), query.after(), query.fetch()), BatchJson::of);
    }

    @GetMapping("/v1/batches/{id}")
    ObjectNode get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return BatchJson.of(
                WireId.BATCH
                        .read(id)
                        .flatMap(job -> jobs.find(caller.tenant(), job))
                        .orElseThrow(() -> notFound(id)));
    }

    @PostMapping("/v1/batches/{id}/cancel")
    ObjectNode cancel(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        Job job =
                WireId.BATCH
                        .read(id)
                        .flatMap(known -> jobs.cancel(caller.tenant(), known))
                        .orElseThrow(() -> notFound(id));
        if (job.state() != JobState.CANCELLING && job.state() != JobState.CANCELLED) {
            throw OpenAiException.invalid(
                    "id",
                    "batch_not_cancellable",
                    "The batch is " + job.state().word() + " and can no longer be cancelled.");
        }
        return BatchJson.of(job);
    }

    private static OpenAiException notFound(String id) {
        return OpenAiException.notFound("id", "batch_not_found", "There is no batch " + id + ".");
    }
}
