package io.llmfleet.tracing;

import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;

/**
 * Makes the server spans of requests as the platform does, but of an exception they say the class
 * alone: its message may quote what was asked.
 */
final class WordlessReceiver
        extends PropagatingReceiverTracingObservationHandler<ReceiverContext<?>> {

    WordlessReceiver(Tracer tracer, Propagator propagator) {
        super(tracer, propagator);
    }

    @Override
    public void onError(ReceiverContext<?> context) {
        Throwable error = context.getError();
        if (error != null) {
            getRequiredSpan(context).tag(Attributes.ERROR_TYPE, error.getClass().getName());
        }
    }
}
