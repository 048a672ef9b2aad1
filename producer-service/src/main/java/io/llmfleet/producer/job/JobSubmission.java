package io.llmfleet.producer.job;

import io.llmfleet.model.Defaults;
import io.llmfleet.producer.batch.NdjsonLines;
import io.llmfleet.producer.file.Files;
import io.llmfleet.producer.task.DuplicateTaskException;
import io.llmfleet.producer.task.KeyedTask;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.OnceKey;
import io.llmfleet.producer.task.OverloadedException;
import io.llmfleet.producer.task.StoreUnavailableException;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes tasks of a job's lines, portion by portion.
 *
 * <p>I1: a line is submitted under a key of its own, so whoever submits it again finds its task.
 *
 * <p>I2: the store says that lines are submitted only once they are, so what a producer leaves
 * unsaid when it dies is at most one portion, which the next one finds by I1.
 */
final class JobSubmission {

    private static final Logger log = LoggerFactory.getLogger(JobSubmission.class);
    private static final int PORTION = 1_000;
    private static final long PORTION_BYTES = 8L * 1024 * 1024;
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    /** Looking again costs little, and there may be room long before there is for all. */
    private static final Duration OVERLOADED = Duration.ofSeconds(3);

    private static final Duration STORE_AWAY = Duration.ofSeconds(2);

    private final Files files;
    private final Tasks tasks;
    private final BatchApi api;
    private final JobLines lines;
    private final JobLeases leases;
    private final TransactionTemplate transactions;

    JobSubmission(
            Files files,
            Tasks tasks,
            BatchApi api,
            JobLines lines,
            JobLeases leases,
            TransactionTemplate transactions) {
        this.files = files;
        this.tasks = tasks;
        this.api = api;
        this.lines = lines;
        this.leases = leases;
        this.transactions = transactions;
    }

    /** A line on its way, and where the next one begins. */
    private record Pending(
            CompletableFuture<JobLines.Submitted> outcome, int nextLine, long nextByte) {}

    /**
     * Lines that were submitted together.
     *
     * @param pause before the next ones, because the fleet takes no more now
     */
    private record Portion(
            List<JobLines.Submitted> submitted,
            int nextLine,
            long nextByte,
            boolean last,
            Duration pause) {}

    /**
     * Goes on for some seconds.
     *
     * @return how long to wait before it goes on
     * @throws io.llmfleet.producer.file.FileGoneException if the input file is deleted
     */
    Duration run(LeasedJob leased) {
        Job job = leased.job();
        Instant end = Instant.now().plus(AT_ONCE);
        try (InputStream in = files.read(job.tenant(), job.inputFile(), leased.nextByte())) {
            NdjsonLines input =
                    new NdjsonLines(
                            in, Defaults.MAX_REQUEST_BYTES, leased.nextLine(), leased.nextByte());
            Portion portion = submit(job, input);
            note(leased, portion);
            while (!portion.last()
                    && portion.pause().isZero()
                    && Instant.now().isBefore(end)
                    && JobPolicy.maySubmit(job.expiresAt(), Instant.now())) {
                portion = submit(job, input);
                note(leased, portion);
            }
            return portion.pause();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Portion submit(Job job, NdjsonLines input) throws IOException {
        int nextLine = input.nextNumber();
        long nextByte = input.position();
        List<Pending> pending = new ArrayList<>();
        boolean last = false;
        boolean refused = false;
        while (!last
                && !refused
                && pending.size() < PORTION
                && input.position() - nextByte < PORTION_BYTES) {
            NdjsonLines.Line line = input.next();
            last = line == null;
            if (line != null) {
                Pending one = new Pending(submit(job, line), input.nextNumber(), input.position());
                pending.add(one);
                refused = one.outcome().isCompletedExceptionally();
            }
        }
        return settle(pending, nextLine, nextByte, last);
    }

    private CompletableFuture<JobLines.Submitted> submit(Job job, NdjsonLines.Line line) {
        int number = line.number();
        try {
            ObjectNode body =
                    (ObjectNode) Json.tree(Objects.requireNonNull(line.json())).path("body");
            TaskOrigin origin = TaskOrigin.of(job.tenant(), job.traceParent()).inBatch(job.id());
            return switch (api.read(job.endpoint(), body, origin, job.expiresAt())) {
                case BatchApi.Line.Accepted a ->
                        submit(job, number, a.task())
                                .thenApply(
                                        id -> new JobLines.Submitted(number, id, a.note(), null));
                case BatchApi.Line.Refused r ->
                        CompletableFuture.completedFuture(refused(number, r.response()));
            };
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static JobLines.Submitted refused(int line, BatchApi.Response response) {
        return new JobLines.Submitted(line, null, null, Json.write(response));
    }

    private CompletableFuture<UUID> submit(Job job, int line, NewTask task) {
        return tasks.submitOnce(task, new OnceKey(key(job, line), null))
                .thenApply(accepted -> accepted.id())
                .exceptionallyAsync(e -> known(job, line, e), Thread::startVirtualThread);
    }

    private UUID known(Job job, int line, Throwable thrown) {
        if (cause(thrown) instanceof DuplicateTaskException) {
            return tasks.findOnce(job.tenant(), key(job, line))
                    .map(KeyedTask::id)
                    .orElseThrow(() -> new CompletionException(thrown));
        }
        throw thrown instanceof CompletionException e ? e : new CompletionException(thrown);
    }

    private static String key(Job job, int line) {
        return "batch:" + job.id() + "#" + line;
    }

    /** Up to the first line that the fleet did not take. */
    private Portion settle(List<Pending> pending, int nextLine, long nextByte, boolean last) {
        List<JobLines.Submitted> submitted = new ArrayList<>();
        int line = nextLine;
        long at = nextByte;
        for (Pending one : pending) {
            try {
                submitted.add(one.outcome().join());
            } catch (CompletionException e) {
                Optional<Duration> pause = pause(cause(e));
                if (pause.isPresent()) {
                    return new Portion(submitted, line, at, false, pause.get());
                }
                log.error("line {} of a job could not be submitted", one.nextLine() - 1, cause(e));
                submitted.add(refused(one.nextLine() - 1, api.internalError()));
            }
            line = one.nextLine();
            at = one.nextByte();
        }
        return new Portion(submitted, line, at, last, Duration.ZERO);
    }

    private static Optional<Duration> pause(Throwable cause) {
        return switch (cause) {
            case OverloadedException e -> Optional.of(OVERLOADED);
            case StoreUnavailableException e -> Optional.of(STORE_AWAY);
            case DataAccessException e -> Optional.of(STORE_AWAY);
            case TransactionException e -> Optional.of(STORE_AWAY);
            case DuplicateTaskException e -> Optional.of(STORE_AWAY);
            default -> Optional.empty();
        };
    }

    private void note(LeasedJob leased, Portion portion) {
        int refused = (int) portion.submitted().stream().filter(s -> s.refusal() != null).count();
        transactions.executeWithoutResult(
                tx -> {
                    leases.submitted(
                            leased,
                            portion.nextLine(),
                            portion.nextByte(),
                            refused,
                            portion.last());
                    lines.note(leased.id(), portion.submitted());
                });
    }

    /** Finds what a producer submitted that died before it said so, where nobody goes on. */
    void adopt(LeasedJob leased) {
        Job job = leased.job();
        List<JobLines.Submitted> found =
                lines.page(leased.id(), leased.nextLine() - 1, PORTION).stream()
                        .flatMap(
                                line ->
                                        tasks
                                                .findOnce(job.tenant(), key(job, line.number()))
                                                .stream()
                                                .map(
                                                        known ->
                                                                new JobLines.Submitted(
                                                                        line.number(),
                                                                        known.id(),
                                                                        null,
                                                                        null)))
                        .toList();
        lines.note(leased.id(), found);
    }

    private static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null
                ? thrown.getCause()
                : thrown;
    }
}
