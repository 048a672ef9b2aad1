package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.pipeline.definition.DefinitionReader;
import io.llmfleet.producer.pipeline.definition.Pipeline;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;

/** Reads definitions that were checked when they were stored, each once in a while. */
final class StoredDefinitions {

    private static final int CACHED = 500;

    /** Types and targets may be gone since; the tasks then say so. */
    private final DefinitionReader reader = new DefinitionReader(type -> true, target -> true);

    private final ConcurrentHashMap<String, Pipeline> read = new ConcurrentHashMap<>();

    Pipeline of(String json) {
        if (read.size() > CACHED) {
            read.clear();
        }
        return read.computeIfAbsent(json, this::parse);
    }

    private Pipeline parse(String json) {
        return switch (reader.read(json.getBytes(StandardCharsets.UTF_8))) {
            case DefinitionReader.Valid valid -> valid.pipeline();
            case DefinitionReader.Invalid invalid ->
                    throw new IllegalStateException(
                            "a stored definition cannot be read: " + invalid.errors().getFirst());
        };
    }
}
