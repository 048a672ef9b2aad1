package io.llmfleet.producer.pipeline.definition;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One step of a pipeline.
 *
 * @param needs steps that must be over before, and whose outputs it may read
 * @param when it is skipped unless this holds; null for always
 * @param tries how many tasks a call may take
 * @param deadline from its start; null for the run's
 * @param fallback what is done when it fails for good
 */
public record Step(
        String id,
        Work work,
        Set<String> needs,
        @Nullable Expression when,
        int tries,
        @Nullable Duration deadline,
        Budget budget,
        @Nullable Fallback fallback) {

    /** What a step does. */
    public sealed interface Work {}

    /**
     * Tasks, one after another.
     *
     * @param map does them for each item of a list; null for once
     * @param loop does them again until they are good enough; null for once
     */
    public record Calls(List<Call> calls, @Nullable MapOver map, @Nullable Loop loop)
            implements Work {}

    /** Makes a value of others, without a task. */
    public record Value(Template value) implements Work {}

    /**
     * Waits for an input from outside.
     *
     * @param reason for whoever has to give it
     * @param timeout null for as long as the run may take
     */
    public record Wait(String reason, @Nullable Duration timeout) implements Work {}

    /**
     * @param as by which templates know the item
     * @param parallel how many items are worked on at once
     * @param max with more items the step fails
     */
    public record MapOver(Expression over, String as, int parallel, int max) {}

    /**
     * @param until sees what the calls came to as {@code output}
     * @param max after so many the last one's output is taken
     */
    public record Loop(@Nullable Expression until, int max) {}

    /** What takes over when a step fails for good. */
    public sealed interface Fallback {}

    /** Another task, for each item where the step has a list. */
    public record OtherCall(Call call) implements Fallback {}

    /** A value, without a task. */
    public record OtherValue(Template value) implements Fallback {}

    /** Another step, which does nothing unless it is needed. */
    public record OtherStep(String id) implements Fallback {}

    /** The step that takes over when this one fails; null where it has none. */
    public @Nullable String standIn() {
        return fallback instanceof OtherStep other ? other.id() : null;
    }
}
