package io.llmfleet.producer.job;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.file.FileGoneException;
import io.llmfleet.producer.file.FileView;
import io.llmfleet.producer.file.StoredFile;
import io.llmfleet.producer.task.BatchTasks;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Composes what became of a job's lines, out of its tasks as they are now: results into one file,
 * everything else into another.
 */
final class JobOutput implements FileView {

    private static final Logger log = LoggerFactory.getLogger(JobOutput.class);
    private static final int PAGE = 500;
    private static final long RESULTS = 4L * 1024 * 1024;
    private static final int BUFFER = 64 * 1024;

    private final JdbcJobs jobs;
    private final JobLines lines;
    private final BatchTasks tasks;
    private final BatchApi api;

    JobOutput(JdbcJobs jobs, JobLines lines, BatchTasks tasks, BatchApi api) {
        this.jobs = jobs;
        this.lines = lines;
        this.tasks = tasks;
        this.api = api;
    }

    @Override
    public void write(StoredFile file, OutputStream out) throws IOException {
        Job job = jobs.ofFile(file.id()).orElseThrow(FileGoneException::new);
        OutputStream buffered = new BufferedOutputStream(out, BUFFER);
        if (file.id().equals(job.outputFile())) {
            writeResults(job, buffered, () -> {});
        } else {
            writeErrors(job, job.state(), buffered, () -> {});
        }
        buffered.flush();
    }

    /**
     * @param afterPage called now and then
     */
    void writeResults(Job job, OutputStream out, Runnable afterPage) throws IOException {
        for (List<JobLine> page = page(job, 0);
                !page.isEmpty();
                page = page(job, page.getLast().number())) {
            Map<UUID, JobLine> byTask = byTask(page);
            List<UUID> ids = page.stream().map(JobLine::task).filter(Objects::nonNull).toList();
            while (!ids.isEmpty()) {
                List<TaskView> succeeded = tasks.succeeded(job.tenant(), ids, RESULTS);
                for (TaskView task : succeeded) {
                    JobLine line = byTask.get(task.id());
                    if (line != null && task.result() != null) {
                        write(out, answered(job, line, task));
                    }
                }
                ids =
                        succeeded.isEmpty()
                                ? List.of()
                                : ids.subList(
                                        ids.indexOf(succeeded.getLast().id()) + 1, ids.size());
            }
            afterPage.run();
        }
    }

    /**
     * @param state what the job is, or is about to be
     */
    void writeErrors(Job job, JobState state, OutputStream out, Runnable afterPage)
            throws IOException {
        for (List<JobLine> page = page(job, 0);
                !page.isEmpty();
                page = page(job, page.getLast().number())) {
            Map<UUID, JobLine> byTask = byTask(page);
            Map<UUID, TaskView> ended = new HashMap<>();
            if (!byTask.isEmpty()) {
                tasks.unsuccessful(job.tenant(), List.copyOf(byTask.keySet()))
                        .forEach(t -> ended.put(t.id(), t));
            }
            for (JobLine line : page) {
                TaskView task = line.task() == null ? null : ended.get(line.task());
                if (task != null) {
                    write(out, unsuccessful(job, state, line, task));
                } else if (line.refusal() != null) {
                    write(out, OutputLine.answered(job, line, refusal(line.refusal())));
                } else if (line.task() == null && state.isFinal()) {
                    write(out, OutputLine.neverRun(job, line, state));
                }
            }
            afterPage.run();
        }
    }

    private List<JobLine> page(Job job, int after) {
        return lines.page(job.id(), after, PAGE);
    }

    private static Map<UUID, JobLine> byTask(List<JobLine> page) {
        Map<UUID, JobLine> byTask = new HashMap<>();
        for (JobLine line : page) {
            UUID task = line.task();
            if (task != null) {
                byTask.put(task, line);
            }
        }
        return byTask;
    }

    /** A task that the job's own end took away was not run, whoever asks. */
    private OutputLine unsuccessful(Job job, JobState state, JobLine line, TaskView task) {
        boolean expired = task.state() == TaskState.EXPIRED;
        boolean cancelled =
                task.state() == TaskState.CANCELLED
                        && (state == JobState.CANCELLING || state == JobState.CANCELLED);
        if (expired || cancelled) {
            return OutputLine.neverRun(job, line, expired ? JobState.EXPIRED : JobState.CANCELLED);
        }
        return answered(job, line, task);
    }

    private OutputLine answered(Job job, JobLine line, TaskView task) {
        BatchApi.Response response;
        try {
            response = api.respond(job.endpoint(), task, line.note());
        } catch (RuntimeException e) {
            log.error("the result of task {} could not be told", task.id(), e);
            response = api.internalError();
        }
        return OutputLine.answered(job, line, response);
    }

    private static BatchApi.Response refusal(String json) {
        return Json.MAPPER.readValue(json, BatchApi.Response.class);
    }

    private static void write(OutputStream out, OutputLine line) throws IOException {
        out.write(Json.bytes(line));
        out.write('\n');
    }
}
