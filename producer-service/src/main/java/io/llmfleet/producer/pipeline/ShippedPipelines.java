package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.pipeline.definition.DefinitionReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pipelines that come with the fleet. */
final class ShippedPipelines {

    static final List<String> NAMES =
            List.of(
                    "customer-service",
                    "knowledge-graph",
                    "question-answering",
                    "translation",
                    "writing");

    private ShippedPipelines() {}

    static Map<String, StoredPipeline> load(DefinitionReader reader) {
        Map<String, StoredPipeline> all = new TreeMap<>();
        NAMES.forEach(name -> all.put(name, load(reader, name)));
        return all;
    }

    private static StoredPipeline load(DefinitionReader reader, String name) {
        String resource = "/io/llmfleet/pipeline/" + name + ".yaml";
        try (InputStream in = ShippedPipelines.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("shipped pipeline " + resource + " is missing");
            }
            return switch (reader.read(in.readAllBytes())) {
                case DefinitionReader.Valid v -> new StoredPipeline(name, 1, v.pipeline(), null);
                case DefinitionReader.Invalid i ->
                        throw new IllegalStateException(resource + ": " + i.errors());
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
