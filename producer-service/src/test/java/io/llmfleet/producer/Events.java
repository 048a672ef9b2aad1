package io.llmfleet.producer;

import static org.awaitility.Awaitility.await;

import io.llmfleet.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/** The server-sent events of one response, as they come. */
public final class Events implements AutoCloseable {

    /** Fields that an event does not have are null. */
    public record Event(String id, String name, String data) {

        public JsonNode json() {
            return Json.tree(data.getBytes(StandardCharsets.UTF_8));
        }
    }

    private final HttpResponse<InputStream> response;
    private final List<Event> all = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    private Events(HttpResponse<InputStream> response) {
        this.response = response;
        Thread.ofVirtual().start(this::read);
    }

    static Events read(HttpClient http, HttpRequest request) {
        try {
            return new Events(http.send(request, BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public int status() {
        return response.statusCode();
    }

    public List<Event> all() {
        return all;
    }

    /** Every event once the response has ended. */
    public List<Event> untilEnd() {
        await().until(() -> over);
        return all;
    }

    /** The first so many events once they are there. */
    public List<Event> first(int count) {
        await().until(() -> all.size() >= count);
        return List.copyOf(all.subList(0, count));
    }

    public List<String> names() {
        return all.stream().map(Event::name).toList();
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        String id = null;
        String name = null;
        String data = null;
        Scanner lines = new Scanner(response.body(), StandardCharsets.UTF_8);
        while (lines.hasNextLine()) {
            String line = lines.nextLine();
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && data != null) {
                all.add(new Event(id, name, data));
                id = null;
                name = null;
                data = null;
            }
        }
        over = true;
    }
}
