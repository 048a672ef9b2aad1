package io.llmfleet.tracing;

import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Starts the spans of tasks on their way, each a child of the one whose context the message
 * carries.
 *
 * <p>Consumers take batches, so no span is ever current on a thread: contexts are taken from
 * messages and put into messages. Where nothing is exported, or the trace is not sampled, a context
 * is passed on as it came and nothing else happens.
 */
public final class Spans {

    private static final int FLAGS_AT = 53;

    private final @Nullable Tracer tracer;

    /**
     * @param tracer null where nothing is exported
     */
    public Spans(@Nullable Tracer tracer) {
        this.tracer = tracer;
    }

    /**
     * The trace context of a request: of its server span where there is one, else what its caller
     * said, else the start of a trace that is not sampled.
     *
     * @param header W3C {@code traceparent}
     */
    public static String ofRequest(@Nullable String header) {
        SpanContext current = Span.current().getSpanContext();
        return current.isValid() ? TaskSpan.traceParent(current) : TraceParent.orNew(header);
    }

    /** Says on the server span of the current request, if there is one, which task it is about. */
    public static void requestIsAbout(UUID task) {
        Span current = Span.current();
        if (current.isRecording()) {
            current.setAttribute(Attributes.TASK_ID, task.toString());
        }
    }

    /** A message of a task is published. */
    public TaskSpan send(String exchange, String routingKey, Envelope task) {
        Tracer recording = recording(task.traceParent());
        if (recording == null) {
            return TaskSpan.notRecorded(task.traceParent());
        }
        SpanBuilder span =
                about(task, message(recording, "send", exchange, SpanKind.PRODUCER))
                        .setAttribute(Attributes.DESTINATION, exchange + ":" + routingKey)
                        .setAttribute(Attributes.ROUTING_KEY, routingKey)
                        .setParent(context(task.traceParent()));
        return TaskSpan.of(span.startSpan());
    }

    /** The result of a task is published for an AMQP client. */
    public TaskSpan sendResult(String exchange, String routingKey, UUID task, String traceParent) {
        Tracer recording = recording(traceParent);
        if (recording == null) {
            return TaskSpan.notRecorded(traceParent);
        }
        SpanBuilder span =
                message(recording, "send", exchange, SpanKind.PRODUCER)
                        .setAttribute(Attributes.DESTINATION, exchange + ":" + routingKey)
                        .setAttribute(Attributes.ROUTING_KEY, routingKey)
                        .setAttribute(Attributes.TASK_ID, task.toString())
                        .setParent(context(traceParent));
        return TaskSpan.of(span.startSpan());
    }

    /** A message of a task was taken from a queue and is worked on. */
    public TaskSpan process(String queue, Envelope task) {
        Tracer recording = recording(task.traceParent());
        if (recording == null) {
            return TaskSpan.notRecorded(task.traceParent());
        }
        SpanBuilder span =
                about(task, message(recording, "process", queue, SpanKind.CONSUMER))
                        .setAttribute(Attributes.DESTINATION, queue)
                        .setParent(context(task.traceParent()));
        return TaskSpan.of(span.startSpan());
    }

    /**
     * A message that is no task's yet was taken from a queue: it may start a trace.
     *
     * @param header W3C {@code traceparent} of whoever sent it
     */
    public TaskSpan accept(String queue, @Nullable String header) {
        String parent = TraceParent.orNew(header);
        boolean follows = parent.equals(header);
        if (tracer == null || follows && !TraceParent.isSampled(parent)) {
            return TaskSpan.notRecorded(parent);
        }
        SpanBuilder span =
                message(tracer, "process", queue, SpanKind.CONSUMER)
                        .setAttribute(Attributes.DESTINATION, queue)
                        .setParent(follows ? context(parent) : Context.root());
        return TaskSpan.of(span.startSpan());
    }

    /**
     * A model is called.
     *
     * @param operation {@code chat} or {@code embeddings}
     * @param provider name of the backend
     */
    public TaskSpan call(
            String operation, String provider, @Nullable String model, String traceParent) {
        Tracer recording = recording(traceParent);
        if (recording == null) {
            return TaskSpan.notRecorded(traceParent);
        }
        Span span =
                recording
                        .spanBuilder(model == null ? operation : operation + " " + model)
                        .setSpanKind(SpanKind.CLIENT)
                        .setParent(context(traceParent))
                        .setAttribute(Attributes.GEN_AI_OPERATION, operation)
                        .setAttribute(Attributes.GEN_AI_PROVIDER, provider)
                        .startSpan();
        return TaskSpan.of(span).with(Attributes.GEN_AI_REQUEST_MODEL, model);
    }

    /** The tracer if a child of this context would be recorded, as a parent-based sampler says. */
    private @Nullable Tracer recording(String traceParent) {
        return tracer != null && TraceParent.isSampled(traceParent) ? tracer : null;
    }

    private static SpanBuilder message(
            Tracer tracer, String operation, String destination, SpanKind kind) {
        return tracer.spanBuilder(operation + " " + destination)
                .setSpanKind(kind)
                .setAttribute(Attributes.MESSAGING_SYSTEM, Attributes.RABBITMQ)
                .setAttribute(Attributes.OPERATION_NAME, operation)
                .setAttribute(Attributes.OPERATION_TYPE, operation);
    }

    private static SpanBuilder about(Envelope task, SpanBuilder span) {
        return span.setAttribute(Attributes.MESSAGE_ID, task.messageId())
                .setAttribute(Attributes.TASK_ID, task.taskId().toString())
                .setAttribute(Attributes.TASK_TYPE, task.type())
                .setAttribute(Attributes.TASK_EPOCH, task.epoch())
                .setAttribute(Attributes.TASK_ATTEMPT, task.attempt());
    }

    private static Context context(String traceParent) {
        SpanContext parent =
                SpanContext.createFromRemoteParent(
                        TraceParent.traceId(traceParent),
                        TraceParent.spanId(traceParent),
                        TraceFlags.fromHex(traceParent, FLAGS_AT),
                        TraceState.getDefault());
        return Context.root().with(Span.wrap(parent));
    }
}
