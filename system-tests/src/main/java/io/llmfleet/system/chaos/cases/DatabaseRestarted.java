package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.Rest;
import io.llmfleet.system.chaos.fleet.Waits;
import java.time.Duration;

/** F28: accepting answers 503 meanwhile; nothing is lost. */
final class DatabaseRestarted implements ChaosCase {

    private static final int TASKS = 500;
    private static final Duration AWAY = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "F28";
    }

    @Override
    public String fault() {
        return "the database is killed under load and is away for 5 s";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.rest().bulk(TASKS, ChaosRun.INSTANT);
        run.fleet().killDatabase();
        run.amqp().submit(ChaosRun.INSTANT);
        Rest.Answer refusal = run.rest().ask(ChaosRun.INSTANT, t -> t);
        run.note("while it is away: " + refusal.status() + ", Retry-After " + refusal.retryAfter());
        run.require(refusal.status() == 503, "accepting answers 503");
        Waits.pause(AWAY);
        run.fleet().startDatabase();
        run.recover(ChaosRun.INSTANT);
    }
}
