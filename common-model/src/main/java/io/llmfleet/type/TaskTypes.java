package io.llmfleet.type;

import io.llmfleet.model.Names;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * All types of a fleet: the built-in ones, and those of a folder, where a file of the same name
 * replaces a built-in one.
 */
public final class TaskTypes {

    public static final List<String> BUILT_IN =
            List.of(
                    "chat",
                    "generate",
                    "summarize",
                    "translate",
                    "classify",
                    "extract",
                    "answer",
                    "embed");

    private static final YAMLMapper YAML =
            YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private final Map<String, TaskType> byName;

    private TaskTypes(Map<String, TaskType> byName) {
        this.byName = Collections.unmodifiableMap(byName);
    }

    /**
     * @param folder of {@code <type>.yaml} files, or null for the built-in types alone
     * @throws IllegalArgumentException naming the file that cannot be read and why
     */
    public static TaskTypes load(@Nullable Path folder) {
        Map<String, TaskType> types = new TreeMap<>();
        BUILT_IN.forEach(name -> types.put(name, builtIn(name)));
        if (folder != null) {
            configured(folder).forEach(t -> types.put(t.name(), t));
        }
        return new TaskTypes(types);
    }

    public Optional<TaskType> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Collection<TaskType> all() {
        return byName.values();
    }

    public Collection<String> names() {
        return byName.keySet();
    }

    private static TaskType builtIn(String name) {
        String resource = "/io/llmfleet/type/" + name + ".yaml";
        try (InputStream in = TaskTypes.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("built-in type " + resource + " is missing");
            }
            return checked(YAML.readValue(in, TaskType.class), resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<TaskType> configured(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".yaml"))
                    .sorted()
                    .map(TaskTypes::read)
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "types folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static TaskType read(Path file) {
        try {
            return checked(YAML.readValue(file, TaskType.class), file.toString());
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "task type " + file + ": " + e.getOriginalMessage(), e);
        }
    }

    private static TaskType checked(@Nullable TaskType type, String source) {
        if (type == null || type.name() == null || type.input() == null || type.output() == null) {
            throw new IllegalArgumentException(
                    "task type " + source + " needs name, description, input and output");
        }
        try {
            Names.requireWord("type", type.name());
            Schemas.compile(type.input());
            Schemas.compile(type.output());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("task type " + source + ": " + e.getMessage(), e);
        }
        return type;
    }
}
