package io.llmfleet.producer.dispatch;

import io.llmfleet.producer.task.OpenTask;

/** Decides what the body of a task's message is, where it is not what was stored with it. */
public interface MessageBodies {

    /**
     * @param body as it is so far: what was stored, or what another one made of it
     * @return JSON of a {@link io.llmfleet.wire.TaskBody}
     * @throws org.springframework.dao.DataAccessException if the store is away
     */
    byte[] of(OpenTask task, byte[] body);
}
