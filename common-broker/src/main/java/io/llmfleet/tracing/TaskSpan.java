package io.llmfleet.tracing;

import io.llmfleet.wire.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/** One step of a task's way; records nothing where nobody would see it. */
public final class TaskSpan {

    private final @Nullable Span span;
    private final String traceParent;

    private TaskSpan(@Nullable Span span, String traceParent) {
        this.span = span;
        this.traceParent = traceParent;
    }

    static TaskSpan notRecorded(String traceParent) {
        return new TaskSpan(null, traceParent);
    }

    static TaskSpan of(Span span) {
        return new TaskSpan(span.isRecording() ? span : null, traceParent(span.getSpanContext()));
    }

    static String traceParent(SpanContext context) {
        return TraceParent.of(
                context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex());
    }

    /**
     * W3C trace context of what follows from this step: its own, or that of the step before if it
     * is not recorded.
     */
    public String traceParent() {
        return traceParent;
    }

    public TaskSpan with(String attribute, @Nullable String value) {
        if (span != null && value != null) {
            span.setAttribute(attribute, value);
        }
        return this;
    }

    public TaskSpan with(String attribute, long value) {
        if (span != null) {
            span.setAttribute(attribute, value);
        }
        return this;
    }

    public void end() {
        if (span != null) {
            span.end();
        }
    }

    /**
     * Ends it as failed.
     *
     * @param type a failure's code or an exception's class, never its message
     */
    public void fail(String type) {
        if (span != null) {
            span.setAttribute(Attributes.ERROR_TYPE, type);
            span.setStatus(StatusCode.ERROR);
            span.end();
        }
    }

    /** Ends it as failed if there is a failure. */
    public void end(@Nullable Throwable failure) {
        if (failure == null) {
            end();
        } else {
            fail(failure.getClass().getName());
        }
    }
}
