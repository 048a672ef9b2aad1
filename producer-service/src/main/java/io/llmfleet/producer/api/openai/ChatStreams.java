package io.llmfleet.producer.api.openai;

import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.event.StreamProperties;
import io.llmfleet.producer.event.TaskFollower;
import io.llmfleet.producer.event.TaskStreams;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.TaskView;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Answers requests with a stream. A task whose reader is gone is cancelled, unless the request has
 * a key by which its reader may come back.
 */
final class ChatStreams {

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

    /**
     * Submits the task and writes what comes of it.
     *
     * @param chunks for the id of the task that is followed, which an earlier request may have led
     *     to
     * @throws OpenAiException if nothing was written yet
     */
    void write(
            ApiRequest request,
            NewTask task,
            Function<UUID, Chunks> chunks,
            HttpServletResponse response) {
        TaskFollower follower = streams.followNew(task.tenant(), task.id());
        try {
            TaskView accepted = tasks.submit(task, request.key(), response);
            if (!accepted.id().equals(task.id())) {
                follower.close();
                follower = streams.followNew(task.tenant(), accepted.id());
                follower.lookNow();
            }
            follower.know(accepted);
            write(
                    accepted,
                    request,
                    follower,
                    new ChatStream(chunks.apply(accepted.id()), response));
        } finally {
            follower.close();
        }
    }

    private void write(
            TaskView task, ApiRequest request, TaskFollower follower, ChatStream stream) {
        try {
            boolean whole = stream.write(follower, properties.keepAlive());
            if (!whole) {
                abandon(task, request);
            }
        } catch (IOException e) {
            log.debug("the reader of task {} is gone: {}", task.id(), e.toString());
            abandon(task, request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void abandon(TaskView task, ApiRequest request) {
        if (request.key().isPresent()) {
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
