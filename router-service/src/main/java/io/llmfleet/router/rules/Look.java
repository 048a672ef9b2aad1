package io.llmfleet.router.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a file showed.
 *
 * @param text null if it could not be read
 * @param problem why not
 */
record Look(@Nullable String text, @Nullable String problem) {

    static final Look NOTHING = new Look(null, null);

    static Look at(Path file) {
        try {
            return new Look(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), null);
        } catch (IOException e) {
            return new Look(null, e.getClass().getSimpleName());
        }
    }

    /**
     * @throws IllegalArgumentException if it could not be read
     */
    byte[] bytes(Path file) {
        if (text == null) {
            throw new IllegalArgumentException(
                    "fleet.routing.file '"
                            + file
                            + "' cannot be read ("
                            + problem
                            + "), accepted: a readable file");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
