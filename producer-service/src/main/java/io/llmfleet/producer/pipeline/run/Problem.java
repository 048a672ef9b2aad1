package io.llmfleet.producer.pipeline.run;

import io.llmfleet.model.Failure;

/**
 * Why a step or a run failed.
 *
 * @param code one of {@link io.llmfleet.model.FailureCode}, or one of those here
 */
public record Problem(String code, String message) {

    public static final String EXPRESSION_FAILED = "EXPRESSION_FAILED";
    public static final String BUDGET_SPENT = "BUDGET_SPENT";
    public static final String DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED";
    public static final String TOO_MANY_ITEMS = "TOO_MANY_ITEMS";
    public static final String INVALID_INPUT = "INVALID_INPUT";
    public static final String CONTENT_ERASED = "CONTENT_ERASED";
    public static final String CANCELLED = "CANCELLED";

    public static Problem of(Failure failure) {
        return new Problem(failure.code().name(), failure.message());
    }
}
