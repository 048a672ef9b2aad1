package io.llmfleet.worker.backend;

import io.llmfleet.model.FailureCode;
import io.llmfleet.worker.metrics.BackendMeters;
import java.util.List;
import java.util.Set;

/** A backend whose calls are measured, from outside. */
final class MeasuredBackend implements Backend {

    private static final String NO_MODEL = "none";

    private final Backend backend;
    private final BackendMeters meters;

    MeasuredBackend(Backend backend, BackendMeters meters) {
        this.backend = backend;
        this.meters = meters;
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public List<String> models() {
        return backend.models();
    }

    @Override
    public Set<String> types() {
        return backend.types();
    }

    @Override
    public Answer call(Call call) {
        String model = modelOf(call);
        long start = System.nanoTime();
        String outcome = FailureCode.INTERNAL.name();
        try {
            Answer answer = backend.call(observed(call, model));
            outcome =
                    switch (answer) {
                        case Answer.Done done -> done(done, model);
                        case Answer.Failed failed -> failed.failure().code().name();
                    };
            return answer;
        } finally {
            long took = System.nanoTime() - start;
            meters.called(name(), model, call.type().name(), outcome, took);
        }
    }

    private String done(Answer.Done done, String model) {
        if (done.usage() != null) {
            meters.used(name(), model, done.usage());
        }
        return BackendMeters.OK;
    }

    private Call observed(Call call, String model) {
        return call.deltas().wanted()
                ? call.into(
                        new FirstPiece(
                                call.deltas(), took -> meters.firstPiece(name(), model, took)))
                : call;
    }

    /** One of those that it has: what a caller asked for is no tag. */
    private String modelOf(Call call) {
        String asked = call.model();
        if (asked != null && models().contains(asked)) {
            return asked;
        }
        return models().isEmpty() ? NO_MODEL : models().getFirst();
    }
}
