package io.llmfleet.router.routing;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Priority;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.RouteQuestion;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What rules look at, of a task or of a question; its text is encoded once, and only if needed. */
final class Asked {

    private final String type;
    private final String target;
    private final String tenant;
    private final Priority priority;
    private final int size;
    private final double budgetUsed;
    private final List<AttemptFailure> failures;
    private final Supplier<@Nullable String> text;
    private float @Nullable [] vector;
    private boolean withoutText;

    private Asked(
            String type,
            String target,
            String tenant,
            Priority priority,
            int size,
            @Nullable Integer budgetUsed,
            List<AttemptFailure> failures,
            Supplier<@Nullable String> text) {
        this.type = type;
        this.target = target;
        this.tenant = tenant;
        this.priority = priority;
        this.size = size;
        this.budgetUsed = budgetUsed == null ? 0 : budgetUsed / 100.0;
        this.failures = failures;
        this.text = text;
    }

    static Asked of(Envelope task, int size, Supplier<@Nullable String> text) {
        return new Asked(
                task.type(),
                task.target(),
                task.tenant(),
                task.priority(),
                size,
                task.budgetUsed(),
                task.failures(),
                text);
    }

    static Asked of(RouteQuestion question) {
        return new Asked(
                question.type(),
                question.target(),
                question.tenant(),
                question.priority(),
                question.size(),
                question.budgetUsed(),
                List.of(),
                () -> null);
    }

    String type() {
        return type;
    }

    String target() {
        return target;
    }

    String tenant() {
        return tenant;
    }

    Priority priority() {
        return priority;
    }

    int size() {
        return size;
    }

    double budgetUsed() {
        return budgetUsed;
    }

    List<AttemptFailure> failures() {
        return failures;
    }

    /** Whether its text was wanted and is not there. */
    boolean withoutText() {
        return withoutText;
    }

    float @Nullable [] vector(Encoder encoder) {
        if (vector == null && !withoutText) {
            String words = text.get();
            withoutText = words == null || words.isBlank();
            vector = withoutText ? null : encoder.encode(String.valueOf(words));
            withoutText = vector == null;
        }
        return vector;
    }
}
