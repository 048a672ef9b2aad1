package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.ServerEvents;
import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** R1: a stream goes on at another replica behind the last event that its reader has seen. */
final class StreamServerKilled implements ChaosCase {

    private static final int STREAMS = 8;
    private static final int PIECES_BEFORE = 5;

    /** A reader's view of one task. */
    private static final class Reader {

        private final String key;
        private final String id;
        private final StringBuilder text = new StringBuilder();
        private final List<String> names = new ArrayList<>();
        private @Nullable String lastId;

        Reader(String key, String id) {
            this.key = key;
            this.id = id;
        }

        void take(ServerEvents.Event event) {
            lastId = event.id() == null ? lastId : event.id();
            names.add(event.name());
            text.append(event.data().path("text").asString(""));
        }

        long pieces() {
            return names.stream().filter("delta"::equals).count();
        }
    }

    @Override
    public String name() {
        return "R1";
    }

    @Override
    public String fault() {
        return "kill -9 of the producer that serves streams";
    }

    @Override
    public FleetPlan plan() {
        return FleetPlan.usual()
                .with("FLEET_INSTANT_LATENCY", "6s")
                .with("FLEET_INSTANT_DELTAS", "30");
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        Replica first = run.fleet().one(Service.PRODUCER, 1);
        Replica second = run.fleet().one(Service.PRODUCER, 2);
        List<Reader> readers =
                IntStream.range(0, STREAMS)
                        .mapToObj(
                                i ->
                                        run.rest()
                                                .submit(
                                                        ChaosRun.INSTANT,
                                                        StreamServerKilled::streamed))
                        .map(key -> new Reader(key, run.id(key)))
                        .toList();
        readers.parallelStream().forEach(r -> readSome(api(run, first), r));
        run.fleet().kill(first);
        readers.parallelStream().forEach(r -> readToTheEnd(api(run, second), r));
        for (Reader reader : readers) {
            run.require(reader.text.toString().equals(reader.key), "the text is whole and once");
            run.require(reader.names.getLast().equals("final"), "the stream comes to its end");
            run.require(!reader.names.contains("gap"), "no piece is missing");
        }
    }

    private static ObjectNode streamed(ObjectNode task) {
        task.withObjectProperty("parameters").put("stream", true);
        return task;
    }

    private static FleetApi api(ChaosRun run, Replica producer) {
        return new FleetApi(producer.url(), run.fleet().adminKey());
    }

    private static void readSome(FleetApi api, Reader reader) {
        try (ServerEvents events = api.events(reader.id, null)) {
            while (reader.pieces() < PIECES_BEFORE) {
                take(events, reader);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readToTheEnd(FleetApi api, Reader reader) {
        try (ServerEvents events = api.events(reader.id, reader.lastId)) {
            while (!reader.names.getLast().equals("final")) {
                take(events, reader);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void take(ServerEvents events, Reader reader) throws IOException {
        ServerEvents.Event event = events.next();
        if (event == null) {
            throw new IOException("the stream ended before the task did");
        }
        reader.take(event);
    }
}
