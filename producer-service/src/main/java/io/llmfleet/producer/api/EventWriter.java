package io.llmfleet.producer.api;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes server-sent events (WHATWG HTML, section 9.2), each at once but those that are {@linkplain
 * #add added} to the next. It blocks while the reader is slow, so nothing piles up for it.
 */
public final class EventWriter {

    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.UTF_8);

    private final HttpServletResponse response;
    private final OutputStream out;

    private EventWriter(HttpServletResponse response) throws IOException {
        this.response = response;
        this.out = response.getOutputStream();
    }

    /** Begins the response; no error can be answered after that. */
    public static EventWriter open(HttpServletResponse response) throws IOException {
        EventWriter writer = begin(response);
        response.flushBuffer();
        return writer;
    }

    /** Likewise, but the reader hears of it with the first event. */
    public static EventWriter begin(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-cache");
        // Proxies that gather responses would hold events back.
        response.setHeader("X-Accel-Buffering", "no");
        return new EventWriter(response);
    }

    /** Writes an event that the reader gets with the next one, or with the end of the response. */
    public void add(@Nullable String id, @Nullable String name, String data) throws IOException {
        out.write(event(id, name, data).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param id where the reader goes on after a broken connection; null if it cannot
     * @param name null for the default, {@code message}
     * @param data without line breaks
     * @throws IOException if the reader is gone
     */
    public void send(@Nullable String id, @Nullable String name, String data) throws IOException {
        add(id, name, data);
        response.flushBuffer();
    }

    /** A comment, which readers pass over. */
    public void keepAlive() throws IOException {
        out.write(KEEP_ALIVE);
        response.flushBuffer();
    }

    private static String event(@Nullable String id, @Nullable String name, String data) {
        StringBuilder event = new StringBuilder(data.length() + 64);
        if (id != null) {
            event.append("id: ").append(id).append('\n');
        }
        if (name != null) {
            event.append("event: ").append(name).append('\n');
        }
        return event.append("data: ").append(data).append("\n\n").toString();
    }
}
