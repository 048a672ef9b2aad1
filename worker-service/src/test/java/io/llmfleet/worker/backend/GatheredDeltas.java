package io.llmfleet.worker.backend;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Keeps the texts of the pieces that a backend passes on. */
final class GatheredDeltas implements DeltaSink {

    private final List<String> texts = new ArrayList<>();

    @Override
    public boolean wanted() {
        return true;
    }

    @Override
    public void add(JsonNode choices) {
        texts.add(choices.at("/0/delta/content").asString(""));
    }

    @Override
    public void startAnew() {
        texts.clear();
    }

    List<String> texts() {
        return texts;
    }

    String text() {
        return String.join("", texts);
    }
}
