package io.llmfleet.choice;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Where a task may go.
 *
 * @param model null where the worker chooses
 * @param weight its share among the weights of all candidates, for {@link Strategy#WEIGHTED}
 * @param price what a task is expected to cost until that is learned, in the currency of the
 *     backends' prices; 0 where that is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Candidate(String pool, @Nullable String model, double weight, double price) {

    /** The pool, and behind a slash the model where there is one. */
    public String name() {
        return model == null ? pool : pool + "/" + model;
    }
}
