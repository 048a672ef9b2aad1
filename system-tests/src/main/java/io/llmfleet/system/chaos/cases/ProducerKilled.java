package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.TcpProxy.Use;
import io.llmfleet.wire.Exchanges;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** F5: what was accepted is dispatched after the restart, as the same message. */
final class ProducerKilled implements ChaosCase {

    private static final int TASKS = 50;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "F5";
    }

    @Override
    public String fault() {
        return "producers killed after the commit, before the publish";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        List<Replica> producers = run.fleet().all(Service.PRODUCER);
        producers.forEach(p -> p.proxy().hold(Use.PUBLISHING));
        List<String> keys = run.rest().bulk(TASKS, ChaosRun.INSTANT);
        producers.forEach(run.fleet()::kill);
        run.fleet().heal();
        run.recover(ChaosRun.INSTANT);
        run.requireWithin(
                LIMIT, "what was accepted before the crash ends", () -> run.allSucceeded(keys));
        Set<String> first = Set.copyOf(keys.stream().map(k -> run.id(k) + ":1:1").toList());
        long sent =
                run.tap().read().stream()
                        .filter(c -> c.exchange().equals(Exchanges.INGRESS))
                        .map(c -> c.properties().getMessageId())
                        .filter(first::contains)
                        .distinct()
                        .count();
        run.require(sent == TASKS, "each is dispatched under its first message id");
    }
}
