package io.llmfleet.router.routing;

import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A rule that can be asked.
 *
 * @param name as it was given, else its number
 * @param examples null if it has none
 */
record Rule(
        String name, RuleProperties said, @Nullable Examples examples, @Nullable Encoder encoder) {

    static Rule of(int number, RuleProperties said, Supplier<Encoder> encoders) {
        String name = said.name() == null ? String.valueOf(number) : said.name();
        if (said.similarTo().isEmpty()) {
            return new Rule(name, said, null, null);
        }
        Encoder encoder = encoders.get();
        return new Rule(name, said, new Examples(said.similarTo(), encoder), encoder);
    }

    /** What is quick to tell is told first. */
    boolean matches(Asked asked) {
        return among(said.types(), asked.type())
                && among(said.targets(), asked.target())
                && among(said.tenants(), asked.tenant())
                && among(said.priorities(), asked.priority())
                && asked.size() >= said.minSize()
                && asked.size() <= said.maxSize()
                && near(asked);
    }

    private boolean near(Asked asked) {
        if (examples == null || encoder == null) {
            return true;
        }
        float[] vector = asked.vector(encoder);
        return vector != null && examples.nearest(vector) >= said.threshold();
    }

    private static <T> boolean among(Set<T> accepted, T value) {
        return accepted.isEmpty() || accepted.contains(value);
    }
}
