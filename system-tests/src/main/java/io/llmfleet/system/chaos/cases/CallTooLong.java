package io.llmfleet.system.chaos.cases;

import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.HttpBackend.Call;
import java.time.Duration;
import java.util.List;

/** F17: it is stopped by its limit and tried again. */
final class CallTooLong implements ChaosCase {

    private static final Duration TOO_LONG = Duration.ofSeconds(8);
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Override
    public String name() {
        return "F17";
    }

    @Override
    public String fault() {
        return "a backend call longer than its limit of 2 s";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet()
                .backend()
                .behave(
                        call ->
                                run.fleet().backend().calls(call.text()).size() > 1
                                        ? Behaviour.GOOD
                                        : Behaviour.after(TOO_LONG));
        String key = run.rest().submit(HttpBackend.MODEL, t -> t.put("callLimit", "PT2S"));
        run.requireWithin(LIMIT, "the second attempt succeeds", () -> run.succeeded(key));
        List<Call> calls = run.fleet().backend().calls(key);
        run.require(calls.size() == 2, "it is called twice");
        run.require(calls.getFirst().aborted(), "the first call is aborted");
        run.require(run.attempts(key) == 2, "the stopped attempt counts");
    }
}
