package io.llmfleet.producer.task;

import org.jspecify.annotations.Nullable;

/** As what a task's end is announced to its webhook. */
public enum WebhookKind {
    /** As the task that it is. */
    TASK,
    /** As a response of OpenAI's Responses API. */
    RESPONSE,
    /** Not at all there: it is a step of a pipeline's run, which goes on when it ends. */
    STEP;

    /** As the store has it: null is the most common one, which takes no room there. */
    @Nullable Integer number() {
        return this == TASK ? null : ordinal();
    }

    static WebhookKind of(int number) {
        return values()[number];
    }
}
