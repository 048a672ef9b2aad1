package io.llmfleet.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Priority;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.TraceParent;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpansTests {

    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SAMPLED = "00-" + TRACE_ID + "-00f067aa0ba902b7-01";
    private static final String NOT_SAMPLED = "00-" + TRACE_ID + "-00f067aa0ba902b7-00";

    private final List<SpanData> ended = new ArrayList<>();
    private final SdkTracerProvider provider =
            SdkTracerProvider.builder()
                    .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
                    .addSpanProcessor(SimpleSpanProcessor.create(new Gathering()))
                    .build();
    private final Spans spans = new Spans(provider.get("test"));

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void aStepIsAChildOfTheOneWhoseContextTheMessageCarries() {
        Envelope task = task(SAMPLED);

        TaskSpan sent = spans.send("llm.ingress", "normal.chat.any", task);
        TaskSpan routed = spans.process("llm.ingress.normal", task.traced(sent.traceParent()));
        routed.end();
        sent.end();

        assertThat(ended).extracting(SpanData::getTraceId).containsOnly(TRACE_ID);
        assertThat(ended)
                .extracting(SpanData::getName)
                .containsExactly("process llm.ingress.normal", "send llm.ingress");
        assertThat(ended)
                .extracting(SpanData::getParentSpanId)
                .containsExactly(TraceParent.spanId(sent.traceParent()), "00f067aa0ba902b7");
        assertThat(ended.getFirst().getAttributes().asMap().toString())
                .contains(task.taskId().toString(), "rabbitmq");
    }

    @ParameterizedTest
    @ValueSource(strings = {SAMPLED, NOT_SAMPLED})
    void passesTheContextOnAsItCameWhereNothingIsExported(String traceParent) {
        Spans off = new Spans(null);
        Envelope task = task(traceParent);

        TaskSpan span = off.process("llm.ingress.normal", task).with("a", "b").with("c", 1);
        span.fail("x");

        assertThat(span.traceParent()).isSameAs(traceParent);
        assertThat(task.traced(span.traceParent())).isSameAs(task);
        assertThat(off.call("chat", "llm", "m", traceParent).traceParent()).isSameAs(traceParent);
        assertThat(off.accept("llm.submit.q", traceParent).traceParent()).isEqualTo(traceParent);
        assertThat(off.accept("llm.submit.q", null).traceParent()).endsWith("-00");
    }

    @Test
    void recordsNothingOfATraceThatIsNotSampled() {
        TaskSpan span = spans.process("llm.ingress.normal", task(NOT_SAMPLED));
        span.end();
        spans.accept("llm.submit.q", NOT_SAMPLED).end();

        assertThat(span.traceParent()).isEqualTo(NOT_SAMPLED);
        assertThat(ended).isEmpty();
    }

    @Test
    void aMessageWithoutAContextStartsATrace() {
        TaskSpan span = spans.accept("llm.submit.q", "no context");
        span.end();

        assertThat(TraceParent.isSampled(span.traceParent())).isTrue();
        assertThat(ended).singleElement().matches(s -> !s.getParentSpanContext().isValid());
    }

    @Test
    void aFailureHasATypeAndNoWords() {
        spans.process("llm.replies.q", task(SAMPLED))
                .end(new IllegalStateException("secret words"));

        SpanData span = ended.getFirst();
        assertThat(span.toString()).doesNotContain("secret");
        assertThat(span.getAttributes().asMap().toString()).contains("IllegalStateException");
        assertThat(span.getEvents()).isEmpty();
    }

    @Test
    void ofAFailedRequestTheServerSpanSaysTheClassAlone() {
        Tracer tracer = provider.get("test");
        OtelTracer bridge = new OtelTracer(tracer, new OtelCurrentTraceContext(), event -> {});
        ContextPropagators w3c = ContextPropagators.create(W3CTraceContextPropagator.getInstance());
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig()
                .observationHandler(new WordlessReceiver(bridge, new OtelPropagator(w3c, tracer)));
        ReceiverContext<Map<String, String>> request = new ReceiverContext<>(Map::get);
        request.setCarrier(Map.of("traceparent", SAMPLED));

        Observation.createNotStarted("http", () -> request, registry)
                .start()
                .error(new IllegalStateException("secret words"))
                .stop();

        SpanData span = ended.getFirst();
        assertThat(span.getTraceId()).isEqualTo(TRACE_ID);
        assertThat(span.toString()).doesNotContain("secret").contains("IllegalStateException");
        assertThat(span.getEvents()).isEmpty();
    }

    @Test
    void wordlessKeepsClassesAndPlacesOnly() {
        Exception thrown =
                new IllegalStateException("secret", new IllegalArgumentException("secret"));

        assertThat(Wordless.of(thrown))
                .hasMessage("java.lang.IllegalStateException")
                .hasStackTraceContaining("SpansTests")
                .hasRootCauseMessage("java.lang.IllegalArgumentException");
    }

    private static Envelope task(String traceParent) {
        Instant now = Instant.now();
        return new Envelope(
                UUID.randomUUID(),
                "chat",
                "any",
                Priority.NORMAL,
                "default",
                1,
                1,
                5,
                0,
                now,
                now.plusSeconds(60),
                Duration.ofSeconds(30),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                traceParent);
    }

    private final class Gathering implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> batch) {
            ended.addAll(batch);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
