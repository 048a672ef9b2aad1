package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.ServerEvents;
import io.llmfleet.system.chaos.ChaosRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A task whose answer is read as it is made, at one replica after the other. */
final class StreamedTask {

    private final String key;
    private final String id;
    private final StringBuilder text = new StringBuilder();
    private final List<String> names = new ArrayList<>();
    private @Nullable String lastId;

    private StreamedTask(String key, String id) {
        this.key = key;
        this.id = id;
    }

    /** One of the instant backend. */
    static StreamedTask submit(ChaosRun run) {
        String key = run.rest().submit(ChaosRun.INSTANT, StreamedTask::streamed);
        return new StreamedTask(key, run.id(key));
    }

    static ObjectNode streamed(ObjectNode task) {
        task.withObjectProperty("parameters").put("stream", true);
        return task;
    }

    /**
     * Goes on behind what was read before.
     *
     * @throws IOException if the stream ends or breaks before there is enough
     */
    void read(FleetApi api, Predicate<StreamedTask> enough) throws IOException {
        try (ServerEvents events = api.events(id, lastId)) {
            while (!enough.test(this)) {
                ServerEvents.Event event = events.next();
                if (event == null) {
                    throw new IOException("the stream ended before the task did");
                }
                take(event);
            }
        }
    }

    private void take(ServerEvents.Event event) {
        lastId = event.id() == null ? lastId : event.id();
        names.add(event.name());
        text.append(event.data().path("text").asString(""));
    }

    long pieces() {
        return names.stream().filter("delta"::equals).count();
    }

    boolean ended() {
        return !names.isEmpty() && names.getLast().equals("final");
    }

    void requireWhole(ChaosRun run) {
        if (names.contains("gap") || !text.toString().equals(key)) {
            run.note("stream of task " + id + " brought " + names + " up to " + lastId);
        }
        run.require(text.toString().equals(key), "the text is whole and once");
        run.require(ended(), "the stream comes to its end");
        run.require(!names.contains("gap"), "no piece is missing");
    }
}
