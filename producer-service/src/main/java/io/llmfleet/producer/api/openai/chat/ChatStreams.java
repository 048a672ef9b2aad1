package io.llmfleet.producer.api.openai.chat;

import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.event.Position;
import io.llmfleet.producer.event.StreamProperties;
import io.llmfleet.producer.event.TaskFollower;
import io.llmfleet.producer.event.TaskStreams;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TaskView;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Answers requests with a stream. A task whose reader is gone is cancelled, unless the reader may
 * come back, or the replica stops.
 */
@Component
public final class ChatStreams {

    private static final Logger log = LoggerFactory.getLogger(ChatStreams.class);

    private final OpenAiTasks tasks;
    private final TaskStreams streams;
    private final Cancellation cancellation;
    private final StreamProperties properties;

    ChatStreams(
            OpenAiTasks tasks,
            TaskStreams streams,
            Cancellation cancellation,
            StreamProperties properties) {
        this.tasks = tasks;
        this.streams = streams;
        this.cancellation = cancellation;
        this.properties = properties;
    }

    /** Writes what comes of one task. */
    public interface Writer {

        /**
         * Writes until the task ends, or the follower shall go on elsewhere.
         *
         * @return false if the stream broke off, because a further attempt said something else or
         *     the replica stops
         * @throws OpenAiException if that, or the task's failure, came before anything was written
         * @throws IOException if the reader is gone
         */
        boolean write(TaskFollower follower, Duration keepAlive)
                throws IOException, InterruptedException;
    }

    /**
     * Submits the task and writes what comes of it.
     *
     * @param writer for the id of the task that is followed, which an earlier request may have led
     *     to
     * @throws OpenAiException if nothing was written yet
     */
    public void write(
            ApiRequest request,
            NewTask task,
            Function<UUID, Writer> writer,
            HttpServletResponse response) {
        boolean goesOn = request.key().isPresent();
        TaskFollower follower = streams.followNew(task.tenant(), task.id());
        try {
            TaskView accepted = tasks.submit(task, request.key(), response);
            if (!accepted.id().equals(task.id())) {
                follower.close();
                follower = streams.followNew(task.tenant(), accepted.id());
                follower.lookNow();
            }
            follower.know(accepted);
            write(accepted, goesOn, follower, writer.apply(accepted.id()));
        } finally {
            follower.close();
        }
    }

    /**
     * Like {@link #write}, for a task that goes on whatever its reader does; while the replica
     * stops the stream ends, and its reader goes on elsewhere.
     */
    public void writeResumable(
            ApiRequest request,
            NewTask task,
            Function<UUID, Writer> writer,
            HttpServletResponse response) {
        TaskView accepted = tasks.submit(task, request.key(), response);
        follow(accepted, writer.apply(accepted.id()));
    }

    /** Writes what comes of a task that was submitted before. */
    public void follow(TaskView task, Writer writer) {
        try (TaskFollower follower = streams.follow(task.tenant(), task.id(), Position.START)) {
            follower.know(task);
            follower.lookNow();
            write(task, true, follower, writer);
        }
    }

    private void write(TaskView task, boolean goesOn, TaskFollower follower, Writer writer) {
        try {
            boolean whole = writer.write(follower, properties.keepAlive());
            if (!whole && !goesOn) {
                abandon(task);
            }
        } catch (IOException e) {
            log.debug("the reader of task {} is gone: {}", task.id(), e.toString());
            if (!goesOn) {
                abandon(task);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A replica that stops cuts its readers off; they did not go. */
    private void abandon(TaskView task) {
        if (!streams.isRunning()) {
            return;
        }
        try {
            var _ = cancellation.cancel(task.tenant(), task.id());
        } catch (DataAccessException e) {
            log.debug(
                    "task {} was not cancelled, its deadline ends it: {}", task.id(), e.toString());
        }
    }
}
