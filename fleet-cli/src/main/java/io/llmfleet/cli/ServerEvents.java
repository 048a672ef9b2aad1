package io.llmfleet.cli;

import io.llmfleet.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The server-sent events of one response, one after the other. */
public final class ServerEvents implements AutoCloseable {

    /**
     * One event.
     *
     * @param id where to go on after it; null where it says none
     */
    public record Event(@Nullable String id, String name, JsonNode data) {}

    private final BufferedReader lines;

    ServerEvents(InputStream in) {
        this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /**
     * The next event; null at the end.
     *
     * @throws IOException if the connection broke
     */
    public @Nullable Event next() throws IOException {
        String id = null;
        String name = "message";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                return new Event(id, name, Json.MAPPER.readTree(line.substring(6)));
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
