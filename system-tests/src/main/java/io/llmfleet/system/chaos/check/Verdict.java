package io.llmfleet.system.chaos.check;

import java.util.List;

/**
 * What was counted, and which promises are broken.
 *
 * @param broken one line each; empty if all held
 */
public record Verdict(Counters counters, List<String> broken) {

    public boolean held() {
        return broken.isEmpty();
    }
}
