package io.llmfleet.producer.pipeline;

import io.llmfleet.producer.pipeline.definition.DefinitionReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The facade of definitions; a tenant sees its own, and the shipped ones of other names. */
public interface Pipelines {

    /** What became of storing one. */
    sealed interface Put {}

    /**
     * @param created whether it is a new version; else the latest one has this content already
     */
    record Stored(StoredPipeline pipeline, boolean created) implements Put {}

    record Refused(DefinitionReader.Invalid why) implements Put {}

    /**
     * @param text YAML or JSON
     */
    Put put(String tenant, String name, byte[] text);

    /**
     * @param version null for the latest
     */
    Optional<StoredPipeline> find(String tenant, String name, @Nullable Integer version);

    /** The latest of each name, by name. */
    List<StoredPipeline> list(String tenant);
}
