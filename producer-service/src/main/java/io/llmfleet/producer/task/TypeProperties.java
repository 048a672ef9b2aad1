package io.llmfleet.producer.task;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Which task types there are beside the built-in ones.
 *
 * @param folder of {@code <type>.yaml} files; the built-in types alone if it is left out
 */
@ConfigurationProperties("fleet.types")
public record TypeProperties(@Nullable String folder) {

    public TypeProperties {
        if (folder != null && folder.isBlank()) {
            folder = null;
        }
        if (folder != null && !Files.isDirectory(Path.of(folder))) {
            throw new IllegalArgumentException(
                    "fleet.types.folder is '" + folder + "', accepted: a folder that exists");
        }
    }
}
