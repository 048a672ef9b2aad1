package io.llmfleet.choice;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How one of several candidates is chosen. */
public enum Strategy {
    /** The first that is there. */
    FIXED,
    /** By weights that do not change: for a canary. */
    WEIGHTED,
    /** Where the fewest tasks are under way for each slot. */
    LEAST_LOADED,
    /** By what was learned of success, latency and cost. */
    ADAPTIVE;

    /** As configuration, metrics and JSON call it. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
