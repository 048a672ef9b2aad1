package io.llmfleet.producer.job;

import io.llmfleet.model.Defaults;
import io.llmfleet.producer.batch.NdjsonLines;
import io.llmfleet.producer.file.FileGoneException;
import io.llmfleet.producer.file.Files;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads an input file once, and knows then that all of its lines are valid, or which are not. */
final class JobValidation {

    private static final int PORTION = 1_000;
    private static final int MOST_ERRORS = 100;

    private final Files files;
    private final JobLines lines;
    private final JobLeases leases;

    /**
     * What is known of a file.
     *
     * @param errors none if it is valid
     */
    record Outcome(int total, List<JobError> errors) {}

    JobValidation(Files files, JobLines lines, JobLeases leases) {
        this.files = files;
        this.lines = lines;
        this.leases = leases;
    }

    Outcome run(LeasedJob leased) {
        Job job = leased.job();
        try (InputStream in = files.read(job.tenant(), job.inputFile(), 0)) {
            return check(leased, new NdjsonLines(in, Defaults.MAX_REQUEST_BYTES));
        } catch (FileGoneException e) {
            return new Outcome(
                    0,
                    List.of(
                            new JobError(
                                    "input_file_deleted",
                                    null,
                                    "The input file was deleted before it was read.",
                                    "input_file_id")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Outcome check(LeasedJob leased, NdjsonLines in) throws IOException {
        LinePolicy policy = new LinePolicy(leased.job().endpoint());
        List<JobError> errors = new ArrayList<>();
        List<JobLine> portion = new ArrayList<>();
        int total = 0;
        for (NdjsonLines.Line line = in.next();
                line != null && errors.size() < MOST_ERRORS && total <= LinePolicy.MOST_LINES;
                line = in.next()) {
            total++;
            switch (policy.check(line)) {
                case LinePolicy.Checked.Good good ->
                        portion.add(new JobLine(line.number(), good.customId(), null, null, null));
                case LinePolicy.Checked.Bad bad -> errors.add(bad.error());
            }
            if (total % PORTION == 0) {
                store(leased, portion, errors);
            }
        }
        store(leased, portion, errors);
        if (total == 0) {
            errors.add(new JobError("empty_file", null, "The input file has no lines.", null));
        }
        return new Outcome(total, errors);
    }

    private void store(LeasedJob leased, List<JobLine> portion, List<JobError> errors) {
        leases.extend(leased);
        if (errors.isEmpty()) {
            lines.insert(leased.id(), portion);
        }
        portion.clear();
    }
}
