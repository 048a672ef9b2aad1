package io.llmfleet.producer.api;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes server-sent events (WHATWG HTML, section 9.2), each at once. It blocks while the reader is
 * slow, so nothing piles up for it.
 */
public final class EventWriter {

    private final HttpServletResponse response;
    private final OutputStream out;

    private EventWriter(HttpServletResponse response) throws IOException {
        this.response = response;
        this.out = response.getOutputStream();
    }

    /** Begins the response; no error can be answered after that. */
    public static EventWriter open(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-cache");
        // Proxies that gather responses would hold events back.
        response.setHeader("X-Accel-Buffering", "no");
        EventWriter writer = new EventWriter(response);
        response.flushBuffer();
        return writer;
    }

    /**
     * @param id where the reader goes on after a broken connection; null if it cannot
     * @param name null for the default, {@code message}
     * @param data without line breaks
     * @throws IOException if the reader is gone
     */
    public void send(@Nullable String id, @Nullable String name, String data) throws IOException {
        StringBuilder event = new StringBuilder(data.length() + 64);
        if (id != null) {
            event.append("id: ").append(id).append('\n');
        }
        if (name != null) {
            event.append("event: ").append(name).append('\n');
        }
        event.append("data: ").append(data).append("\n\n");
        write(event.toString());
    }

    /** A comment, which readers pass over. */
    public void keepAlive() throws IOException {
        write(": keep-alive\n\n");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
    }
}
