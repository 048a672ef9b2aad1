package io.llmfleet.worker.backend;

import io.llmfleet.model.Failure;
import io.llmfleet.model.Usage;
import io.llmfleet.type.TaskType;
import io.llmfleet.wire.TraceParent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One LLM endpoint, or an engine in this process; calls may come from many threads. */
public interface Backend {

    /**
     * What a task wants of a backend.
     *
     * @param limit how long it may take; the caller interrupts the thread then
     * @param aborted whether the call was stopped for a reason that says nothing of the backend
     * @param deltas takes the answer's pieces while it is made
     * @param traceParent W3C trace context, passed on to the endpoint
     */
    record Call(
            UUID taskId,
            int epoch,
            int attempt,
            TaskType type,
            JsonNode input,
            @Nullable JsonNode parameters,
            @Nullable String model,
            Duration limit,
            BooleanSupplier aborted,
            DeltaSink deltas,
            String traceParent) {

        public Call(
                UUID taskId,
                int epoch,
                int attempt,
                TaskType type,
                JsonNode input,
                @Nullable JsonNode parameters,
                @Nullable String model,
                Duration limit) {
            this(
                    taskId,
                    epoch,
                    attempt,
                    type,
                    input,
                    parameters,
                    model,
                    limit,
                    () -> false,
                    DeltaSink.NONE,
                    TraceParent.orNew(null));
        }

        /** The same call of another model. */
        Call of(String otherModel) {
            return with(otherModel, deltas, traceParent);
        }

        /** The same call as a step of a trace that the endpoint's work follows from. */
        Call traced(String newTraceParent) {
            return newTraceParent.equals(traceParent) ? this : with(model, deltas, newTraceParent);
        }

        /** The same call with another taker of its pieces. */
        Call into(DeltaSink newDeltas) {
            return with(model, newDeltas, traceParent);
        }

        private Call with(@Nullable String newModel, DeltaSink newDeltas, String newTraceParent) {
            return new Call(
                    taskId,
                    epoch,
                    attempt,
                    type,
                    input,
                    parameters,
                    newModel,
                    limit,
                    aborted,
                    newDeltas,
                    newTraceParent);
        }
    }

    /** What a backend gives: an output of the type's shape, or a failure as a value. */
    sealed interface Answer {

        record Done(JsonNode output, @Nullable Usage usage, String model) implements Answer {}

        record Failed(Failure failure) implements Answer {}
    }

    String name();

    List<String> models();

    /** The types that it can do; a task of another type never reaches it. */
    Set<String> types();

    /** Blocks until there is an answer; an interrupt of the thread aborts the call. */
    Answer call(Call call);
}
