package io.llmfleet.producer.job;

import io.llmfleet.model.Defaults;
import io.llmfleet.producer.batch.NdjsonLines;
import io.llmfleet.producer.file.Files;
import io.llmfleet.producer.task.DuplicateTaskException;
import io.llmfleet.producer.task.OverloadedException;
import io.llmfleet.producer.task.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Submits a job's lines, portion by portion.
 *
 * <p>I1: the store says that lines are submitted only once they are, so what a producer leaves
 * unsaid when it dies is at most one portion.
 *
 * <p>I2: who goes on looks first which lines of that portion have a task already.
 */
final class JobSubmission {

    private static final Logger log = LoggerFactory.getLogger(JobSubmission.class);
    private static final int PORTION = 1_000;
    private static final long PORTION_BYTES = 8L * 1024 * 1024;
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final Duration STORE_AWAY = Duration.ofSeconds(2);

    /** Looking again costs little, and there may be room long before there is for all. */
    private static final Duration OVERLOADED = Duration.ofSeconds(3);

    private final Files files;
    private final LineTasks tasks;
    private final JobLines lines;
    private final JobLeases leases;
    private final TransactionTemplate transactions;

    JobSubmission(
            Files files,
            LineTasks tasks,
            JobLines lines,
            JobLeases leases,
            TransactionTemplate transactions) {
        this.files = files;
        this.tasks = tasks;
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
            Duration pause) {

        boolean leadsOn() {
            return !last && pause.isZero();
        }
    }

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
            Portion portion = submit(job, input, leftBehind(leased));
            note(leased, portion);
            while (portion.leadsOn()
                    && Instant.now().isBefore(end)
                    && JobPolicy.maySubmit(job.expiresAt(), Instant.now())) {
                portion = submit(job, input, Map.of());
                note(leased, portion);
            }
            return portion.pause();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes what a producer submitted that died before it said so, where nobody goes on. */
    void adopt(LeasedJob leased) {
        List<JobLines.Submitted> found =
                leftBehind(leased).entrySet().stream()
                        .map(e -> new JobLines.Submitted(e.getKey(), e.getValue(), null, null))
                        .toList();
        lines.note(leased.id(), found);
    }

    private Map<Integer, UUID> leftBehind(LeasedJob leased) {
        return tasks.known(leased.job(), lines.page(leased.id(), leased.nextLine() - 1, PORTION));
    }

    private Portion submit(Job job, NdjsonLines input, Map<Integer, UUID> known)
            throws IOException {
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
                CompletableFuture<JobLines.Submitted> outcome =
                        tasks.submit(job, line, known.get(line.number()));
                pending.add(new Pending(outcome, input.nextNumber(), input.position()));
                refused = outcome.isCompletedExceptionally();
            }
        }
        return settle(pending, nextLine, nextByte, last);
    }

    /** Up to the first line that the fleet did not take; none is on its way any more. */
    private Portion settle(List<Pending> pending, int nextLine, long nextByte, boolean last) {
        pending.forEach(p -> p.outcome().handle((done, failure) -> done).join());
        List<JobLines.Submitted> submitted = new ArrayList<>();
        int line = nextLine;
        long at = nextByte;
        for (Pending one : pending) {
            try {
                submitted.add(one.outcome().join());
            } catch (CompletionException e) {
                Optional<Duration> pause = pause(LineTasks.unwrapped(e));
                if (pause.isPresent()) {
                    return new Portion(submitted, line, at, false, pause.get());
                }
                log.error("a line of a job could not be submitted", e);
                submitted.add(tasks.broken(one.nextLine() - 1));
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
}
