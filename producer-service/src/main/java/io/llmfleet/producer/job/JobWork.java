package io.llmfleet.producer.job;

import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.file.FileGoneException;
import io.llmfleet.producer.file.Files;
import io.llmfleet.producer.file.NewFile;
import io.llmfleet.producer.task.BatchTasks;
import io.llmfleet.producer.task.TaskCounts;
import io.llmfleet.producer.task.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.transaction.support.TransactionTemplate;

/** Does what is next for a job; each step may be broken off and done again by another producer. */
final class JobWork {

    private static final int CANCEL_PORTION = 500;

    private final JobLeases leases;
    private final JobValidation validation;
    private final JobSubmission submission;
    private final JobEnd ending;
    private final TaskCounts counts;
    private final BatchTasks tasks;
    private final Cancellation cancellation;
    private final Files files;
    private final TransactionTemplate transactions;

    JobWork(
            JobLeases leases,
            JobValidation validation,
            JobSubmission submission,
            JobEnd ending,
            TaskCounts counts,
            BatchTasks tasks,
            Cancellation cancellation,
            Files files,
            TransactionTemplate transactions) {
        this.leases = leases;
        this.validation = validation;
        this.submission = submission;
        this.ending = ending;
        this.counts = counts;
        this.tasks = tasks;
        this.cancellation = cancellation;
        this.files = files;
        this.transactions = transactions;
    }

    /**
     * @return how long to wait before the next step
     * @throws LeaseLostException if there is nothing to do here any more
     */
    Duration step(LeasedJob leased) {
        Job job = leased.job();
        return switch (JobPolicy.next(
                job.state(), leased.allSubmitted(), job.expiresAt(), Instant.now())) {
            case VALIDATE -> validate(leased);
            case SUBMIT -> submit(leased);
            case AWAIT_TASKS -> awaitTasks(leased);
            case CANCEL_TASKS -> cancelTasks(leased);
            case END -> end(leased, counts.ofBatch(leased.id()));
        };
    }

    private Duration validate(LeasedJob leased) {
        JobValidation.Outcome outcome = validation.run(leased);
        if (!outcome.errors().isEmpty()) {
            ending.fail(leased, outcome.errors());
            return Duration.ZERO;
        }
        transactions.executeWithoutResult(
                tx ->
                        leases.begin(
                                leased,
                                outcome.total(),
                                view(leased.job(), "output"),
                                view(leased.job(), "error")));
        return Duration.ZERO;
    }

    private UUID view(Job job, String kind) {
        String name = "batch_" + job.id().toString().replace("-", "") + "_" + kind + ".jsonl";
        return files.createView(new NewFile(job.tenant(), "batch_output", name, null));
    }

    private Duration submit(LeasedJob leased) {
        try {
            Duration pause = submission.run(leased);
            var _ = count(leased);
            return pause;
        } catch (FileGoneException e) {
            leases.giveUp(
                    leased,
                    new JobError(
                            "input_file_deleted",
                            null,
                            "The input file was deleted before all of its lines were submitted.",
                            "input_file_id"));
            return Duration.ZERO;
        }
    }

    private Duration awaitTasks(LeasedJob leased) {
        Instant start = Instant.now();
        TaskCounts.OfBatch now = count(leased);
        if (JobPolicy.isDone(now.states())) {
            leases.finalizing(leased);
            return Duration.ZERO;
        }
        return JobPolicy.pause(Duration.between(start, Instant.now()));
    }

    private TaskCounts.OfBatch count(LeasedJob leased) {
        TaskCounts.OfBatch now = counts.ofBatch(leased.id());
        leases.counted(
                leased,
                JobPolicy.counts(leased.job().counts().total(), leased.refused(), now.states()));
        return now;
    }

    private Duration cancelTasks(LeasedJob leased) {
        List<TaskView> open = tasks.open(leased.id(), null, CANCEL_PORTION);
        while (!open.isEmpty()) {
            cancellation.cancelAll(open);
            leases.extend(leased);
            open = tasks.open(leased.id(), open.getLast().id(), CANCEL_PORTION);
        }
        TaskCounts.OfBatch now = counts.ofBatch(leased.id());
        return JobPolicy.isDone(now.states()) ? end(leased, now) : JobPolicy.pause(Duration.ZERO);
    }

    private Duration end(LeasedJob leased, TaskCounts.OfBatch tasksNow) {
        if (!leased.allSubmitted()) {
            submission.adopt(leased);
        }
        ending.end(leased, tasksNow);
        return Duration.ZERO;
    }
}
