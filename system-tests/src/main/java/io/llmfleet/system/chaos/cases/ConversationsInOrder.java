package io.llmfleet.system.chaos.cases;

import io.llmfleet.cli.local.Service;
import io.llmfleet.system.chaos.ChaosCase;
import io.llmfleet.system.chaos.ChaosRun;
import io.llmfleet.system.chaos.fleet.HttpBackend;
import io.llmfleet.system.chaos.fleet.HttpBackend.Behaviour;
import io.llmfleet.system.chaos.fleet.HttpBackend.Call;
import io.llmfleet.system.chaos.fleet.Replica;
import io.llmfleet.system.chaos.fleet.Waits;
import io.llmfleet.system.chaos.load.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * O1: conversations whose calls fail now and then, while workers and a producer die and turns that
 * failed for good are replayed: no turn overtakes an older one, and no two run at once. Failed
 * turns are passed over ({@code skip}), so a replayed one runs when it is replayed.
 */
final class ConversationsInOrder implements ChaosCase {

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Duration SOME_CALLS = Duration.ofMillis(100);
    private static final int PERCENT_TRANSIENT = 20;
    private static final int PERCENT_SLOW = 10;

    /** One in so many turns fails for good at its first call. */
    private static final int FAILS_FOR_GOOD = 97;

    private final int conversations;
    private final int turns;

    ConversationsInOrder(int conversations, int turns) {
        this.conversations = conversations;
        this.turns = turns;
    }

    @Override
    public String name() {
        return "O1";
    }

    @Override
    public String fault() {
        return conversations
                + " conversations of "
                + turns
                + " turns: transient failures, workers and a producer killed, turns replayed";
    }

    @Override
    public void run(ChaosRun run) throws Exception {
        run.fleet().backend().behave(call -> behaviour(run, call));
        List<String> names =
                IntStream.range(0, conversations).mapToObj(i -> "conversation-" + i).toList();
        for (int turn = 0; turn < turns; turn++) {
            var _ = run.rest().turns(names, HttpBackend.MODEL);
            if (turn == turns / 3) {
                run.fleet().all(Service.WORKER).forEach(w -> killAndRestart(run, w));
            }
            if (turn == turns / 2) {
                killAndRestart(run, run.fleet().one(Service.PRODUCER, 1));
            }
        }
        run.requireWithin(LIMIT, "every turn has ended", () -> open(run) == 0);
        run.fleet().backend().heal();
        run.note(replay(run) + " turns were replayed");
        run.requireWithin(LIMIT, "every replayed turn has ended", () -> open(run) == 0);
        run.require(overlaps(run) == 0, "no two turns of a conversation run at once");
    }

    private static Behaviour behaviour(ChaosRun run, Call call) {
        boolean forGood = Math.floorMod(call.text().hashCode(), FAILS_FOR_GOOD) == 0;
        if (forGood) {
            return Behaviour.status(400);
        }
        int dice = run.random().nextInt(100);
        if (dice < PERCENT_TRANSIENT) {
            return Behaviour.status(503);
        }
        return dice < PERCENT_TRANSIENT + PERCENT_SLOW
                ? Behaviour.after(SOME_CALLS)
                : Behaviour.GOOD;
    }

    private static void killAndRestart(ChaosRun run, Replica replica) {
        run.fleet().kill(replica);
        run.fleet().heal();
    }

    private static int open(ChaosRun run) {
        int open = 0;
        for (String state : List.of("ACCEPTED", "QUEUED", "ROUTED", "RUNNING", "RETRYING")) {
            open += run.api().get("/tasks?limit=1&state=" + state).json().path("items").size();
        }
        return open;
    }

    private static int replay(ChaosRun run) {
        int replayed = 0;
        for (JsonNode letter : run.observer().letters()) {
            run.ledger().replayed(letter.path("taskId").asString(""));
            String path = "/dead-letters/" + letter.path("id").asString("") + "/replay";
            run.requireWithin(LIMIT, path, () -> run.api().post(path, null).ok());
            replayed++;
        }
        return replayed;
    }

    private static int overlaps(ChaosRun run) {
        Map<String, String> conversationOf =
                run.ledger().all().stream()
                        .filter(a -> a.conversation() != null)
                        .collect(
                                Collectors.toMap(
                                        Attempt::key, a -> String.valueOf(a.conversation())));
        Waits.until(Duration.ofSeconds(5), () -> ended(run));
        Map<String, List<Call>> calls =
                run.fleet().backend().calls().stream()
                        .filter(c -> conversationOf.containsKey(c.text()))
                        .collect(
                                Collectors.groupingBy(
                                        c -> String.valueOf(conversationOf.get(c.text()))));
        return calls.values().stream().mapToInt(ConversationsInOrder::overlapsOf).sum();
    }

    private static boolean ended(ChaosRun run) {
        return run.fleet().backend().calls().stream().allMatch(c -> c.endedAt() != null);
    }

    private static int overlapsOf(List<Call> calls) {
        List<Call> inOrder = calls.stream().sorted(Comparator.comparing(Call::at)).toList();
        int overlaps = 0;
        for (int i = 1; i < inOrder.size(); i++) {
            Instant end = inOrder.get(i - 1).endedAt();
            overlaps += end == null || inOrder.get(i).at().isBefore(end) ? 1 : 0;
        }
        return overlaps;
    }
}
