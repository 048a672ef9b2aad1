package io.llmfleet.producer.job;

import io.llmfleet.producer.file.Files;
import io.llmfleet.producer.task.TaskCounts;
import io.llmfleet.producer.webhook.Webhooks;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes a job final and tells of it, in one transaction. */
final class JobEnd {

    private final JobLeases leases;
    private final JobOutput output;
    private final Files files;
    private final Webhooks webhooks;
    private final BatchApi api;
    private final TransactionTemplate transactions;

    JobEnd(
            JobLeases leases,
            JobOutput output,
            Files files,
            Webhooks webhooks,
            BatchApi api,
            TransactionTemplate transactions) {
        this.leases = leases;
        this.output = output;
        this.files = files;
        this.webhooks = webhooks;
        this.api = api;
        this.transactions = transactions;
    }

    /** The job's lines are not valid. */
    void fail(LeasedJob leased, List<JobError> errors) {
        transactions.executeWithoutResult(
                tx -> {
                    leases.fail(leased, errors);
                    announce(leased.job(), JobState.FAILED);
                });
    }

    /** The job's tasks are all final. */
    void end(LeasedJob leased, TaskCounts.OfBatch tasks) {
        Job job = leased.job();
        JobState as = JobPolicy.end(job.state(), leased.allSubmitted(), tasks.states());
        Job.Counts now = JobPolicy.counts(job.counts().total(), 0, tasks.states());
        Job.Counts counts =
                new Job.Counts(now.total(), now.completed(), now.total() - now.completed());
        long results = measure(out -> output.writeResults(job, out, () -> leases.extend(leased)));
        long errors = measure(out -> output.writeErrors(job, as, out, () -> leases.extend(leased)));
        transactions.executeWithoutResult(
                tx -> {
                    leases.end(leased, as, counts);
                    settle(leased, results, errors);
                    announce(job, as);
                });
    }

    /** There is no error file without errors. */
    private void settle(LeasedJob leased, long results, long errors) {
        UUID outputFile = leased.job().outputFile();
        UUID errorFile = leased.job().errorFile();
        if (outputFile != null) {
            files.settleView(outputFile, results);
        }
        if (errorFile != null && errors > 0) {
            files.settleView(errorFile, errors);
        } else if (errorFile != null) {
            files.delete(leased.job().tenant(), errorFile);
            leases.dropErrorFile(leased);
        }
    }

    private void announce(Job job, JobState as) {
        String url = job.webhook();
        if (url != null) {
            String type = "batch." + as.word();
            String body = api.event(type, job.id(), Instant.now());
            webhooks.announce(new Webhooks.Announcement(job.tenant(), job.id(), type, url, body));
        }
    }

    @FunctionalInterface
    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private static long measure(Writing content) {
        ByteCount count = new ByteCount();
        try {
            content.to(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count.bytes;
    }

    private static final class ByteCount extends OutputStream {

        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] b, int offset, int length) {
            bytes += length;
        }
    }
}
