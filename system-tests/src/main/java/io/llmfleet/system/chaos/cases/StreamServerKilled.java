package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.FleetPlan;
import io.llmfleet.system.chaos.fleet.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

/** R1: a stream goes on at another replica behind the last event that its reader has seen. */
final class StreamServerKilled implements ChaosCase {

    private static final int STREAMS = 8;
    private static final int PIECES_BEFORE = 5;

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
        List<StreamedTask> readers =
                IntStream.range(0, STREAMS).mapToObj(i -> StreamedTask.submit(run)).toList();
        readers.parallelStream().forEach(r -> readSome(api(run, first), r));
        run.fleet().kill(first);
        readers.parallelStream().forEach(r -> readToTheEnd(api(run, second), r));
        readers.forEach(r -> r.requireWhole(run));
    }

    private static FleetApi api(ChaosRun run, Replica producer) {
        return new FleetApi(producer.url(), run.fleet().adminKey());
    }

    private static void readSome(FleetApi api, StreamedTask reader) {
        try {
            reader.read(api, r -> r.pieces() >= PIECES_BEFORE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readToTheEnd(FleetApi api, StreamedTask reader) {
        try {
            reader.read(api, StreamedTask::ended);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
