package io.llmfleet.system.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.system.chaos.check.Observation.FinalEvent;
import io.llmfleet.system.chaos.check.Observation.Look;
import io.llmfleet.system.chaos.check.Observation.TaskSeen;
import io.llmfleet.system.chaos.fleet.Disturbance;
import io.llmfleet.system.chaos.load.AmqpClient.ResultMessage;
import io.llmfleet.system.chaos.load.Attempt;
import io.llmfleet.system.chaos.load.Attempt.Answered;
import io.llmfleet.system.chaos.load.Attempt.Way;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CheckerTests {

    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<String, Integer> replays = new TreeMap<>();
    private final List<TaskSeen> tasks = new ArrayList<>();
    private final List<FinalEvent> events = new ArrayList<>();
    private final List<String> replies = new ArrayList<>();
    private final List<ResultMessage> results = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final Map<String, Long> depths = new TreeMap<>();
    private Disturbance disturbance = new Disturbance(0, 0, 0, 0);
    private @Nullable Duration recovery;
    private int parked;

    @Test
    void promisesHoldWhenEveryAcceptedTaskEndedOnce() {
        succeeded("a");
        succeeded("b");
        attempt("refused", Answered.REFUSED);

        Verdict verdict = check();

        assertThat(verdict.broken()).isEmpty();
        assertThat(verdict.counters().attempted()).isEqualTo(3);
        assertThat(verdict.counters().accepted()).isEqualTo(2);
        assertThat(verdict.counters().finals()).isEqualTo(2);
    }

    @Test
    void acceptedTaskWithoutAFinalIsLost() {
        succeeded("a");
        attempt("b", Answered.ACCEPTED);
        tasks.add(seen("b", new Look("RUNNING", null)));

        assertThat(check().counters().lost()).isEqualTo(1);
        assertThat(check().broken()).containsExactly("1 accepted tasks are lost");
    }

    @Test
    void acceptedTaskThatTheApiDoesNotKnowIsLost() {
        attempt("a", Answered.ACCEPTED);

        assertThat(check().counters().lost()).isEqualTo(1);
    }

    @Test
    void amqpTaskWithoutAResultIsLost() {
        attempts.add(amqp("a"));
        attempts.add(amqp("b"));
        results.add(result("a", "id-a", "id-a:1", "{}"));

        assertThat(check().counters().lost()).isEqualTo(1);
    }

    @Test
    void taskWhoseAnswerNobodyHeardMayRunOrNot() {
        attempt("a", Answered.UNKNOWN);
        attempt("b", Answered.UNKNOWN);
        tasks.add(seen("a", new Look("SUCCEEDED", "t")));

        assertThat(check().held()).isTrue();
        assertThat(check().counters().accepted()).isZero();
    }

    @Test
    void refusedTaskThatRanAllTheSameIsUnexpected() {
        attempt("a", Answered.REFUSED);
        tasks.add(seen("a", new Look("SUCCEEDED", "t")));

        assertThat(check().counters().unexpected()).isEqualTo(1);
    }

    @Test
    void taskThatNobodyAskedForIsUnexpected() {
        tasks.add(seen("stranger", new Look("SUCCEEDED", "t")));

        assertThat(check().counters().unexpected()).isEqualTo(1);
    }

    @Test
    void answerOfAnotherTaskIsUnexpected() {
        attempt("a", Answered.ACCEPTED);
        Look look = new Look("SUCCEEDED", "t");
        tasks.add(new TaskSeen("a", "id-a", look, look, false));

        assertThat(check().counters().unexpected()).isEqualTo(1);
    }

    @Test
    void sameReplyTwiceIsADuplicateMessageWithoutEffect() {
        succeeded("a");
        replies.add("id-a:1:1");

        Verdict verdict = check();

        assertThat(verdict.held()).isTrue();
        assertThat(verdict.counters().duplicateMessages()).isEqualTo(1);
        assertThat(verdict.counters().lateDropped()).isEqualTo(1);
        assertThat(verdict.counters().duplicateEffects()).isZero();
    }

    @Test
    void secondFinalIsADuplicateEffect() {
        succeeded("a");
        events.add(new FinalEvent("id-a", "FAILED", "later"));

        assertThat(check().counters().duplicateEffects()).isEqualTo(1);
        assertThat(check().broken()).containsExactly("1 effects took place twice");
    }

    @Test
    void sameFinalToldTwiceIsOneEffect() {
        succeeded("a");
        events.add(new FinalEvent("id-a", "SUCCEEDED", "t"));

        assertThat(check().counters().duplicateEffects()).isZero();
    }

    @Test
    void secondFinalOfAReplayedTaskIsRight() {
        succeeded("a");
        events.add(new FinalEvent("id-a", "FAILED", "earlier"));
        replays.put("id-a", 1);

        assertThat(check().held()).isTrue();
    }

    @Test
    void finalStateThatChangesIsADuplicateEffect() {
        attempt("a", Answered.ACCEPTED);
        Look first = new Look("SUCCEEDED", "t1");
        tasks.add(new TaskSeen("a", "id-a", first, new Look("SUCCEEDED", "t2"), true));

        assertThat(check().counters().duplicateEffects()).isEqualTo(1);
    }

    @Test
    void twoTasksForOneRequestAreADuplicateEffect() {
        succeeded("a");
        tasks.add(
                new TaskSeen(
                        "a",
                        "id-other",
                        new Look("SUCCEEDED", "t"),
                        new Look("SUCCEEDED", "t"),
                        true));

        assertThat(check().counters().duplicateEffects()).isEqualTo(1);
    }

    @Test
    void sameResultMessageTwiceHasOneEffectAndAnotherOneHasTwo() {
        attempts.add(amqp("a"));
        results.add(result("a", "id-a", "id-a:1", "{}"));
        results.add(result("a", "id-a", "id-a:1", "{}"));

        assertThat(check().counters().duplicateEffects()).isZero();
        assertThat(check().counters().duplicateMessages()).isEqualTo(1);

        results.add(result("a", "id-a", "id-a:2", "{}"));
        assertThat(check().counters().duplicateEffects()).isEqualTo(1);
    }

    @Test
    void taskThatEndsOtherwiseThanPromisedIsNamed() {
        attempt("a", Answered.ACCEPTED);
        tasks.add(seen("a", new Look("FAILED", "t")));

        assertThat(check().broken()).containsExactly("1 tasks ended as FAILED, not [SUCCEEDED]");
    }

    @Test
    void callsBeyondOneAreAllowedOnlyForThoseInFlightAtKills() {
        succeeded("a");
        calls.addAll(List.of("id-a", "id-a", "id-a"));

        disturbance = new Disturbance(1, 0, 0, 2);
        assertThat(check().held()).isTrue();
        assertThat(check().counters().callsBeyondOne()).isEqualTo(2);

        disturbance = new Disturbance(1, 0, 0, 1);
        assertThat(check().held()).isFalse();
    }

    @Test
    void deadLettersMessagesLeftAndLongRecoveriesBreakPromises() {
        succeeded("a");
        parked = 1;
        depths.put("llm.replies.q", 3L);
        recovery = Duration.ofSeconds(31);

        assertThat(check().broken())
                .containsExactly(
                        "1 dead letters instead of 0",
                        "messages are left in queues: {llm.replies.q=3}",
                        "a recovery took PT31S instead of at most PT30S");
    }

    @Test
    void turnThatOvertakesAnOlderOneIsAnInversion() {
        turn("a", "id-1", "2026-11-29T14:07:10Z");
        turn("b", "id-2", "2026-11-29T14:07:10.400Z");
        turn("c", "id-3", "2026-11-29T14:07:10.300Z");

        assertThat(check().counters().inversions()).isEqualTo(1);
        assertThat(check().held()).isFalse();
    }

    private Verdict check() {
        return Checker.check(
                new Observation(
                        attempts,
                        replays,
                        tasks,
                        events,
                        replies,
                        results,
                        calls,
                        parked,
                        depths,
                        disturbance,
                        recovery),
                Promise.USUAL);
    }

    private void succeeded(String key) {
        attempt(key, Answered.ACCEPTED);
        tasks.add(seen(key, new Look("SUCCEEDED", "t")));
        events.add(new FinalEvent("id-" + key, "SUCCEEDED", "t"));
        replies.add("id-" + key + ":1:1");
    }

    private void attempt(String key, Answered answered) {
        String id = answered == Answered.ACCEPTED ? "id-" + key : null;
        attempts.add(
                new Attempt(key, Way.REST, answered, id, Instant.EPOCH, Attempt.SUCCEEDS, null));
    }

    private void turn(String key, String id, String finished) {
        attempts.add(
                new Attempt(
                        key,
                        Way.REST,
                        Answered.ACCEPTED,
                        id,
                        Instant.EPOCH,
                        Attempt.SUCCEEDS,
                        "talk"));
        Look look = new Look("SUCCEEDED", finished);
        tasks.add(new TaskSeen(key, id, look, look, true));
    }

    private static Attempt amqp(String key) {
        return new Attempt(
                key, Way.AMQP, Answered.ACCEPTED, null, Instant.EPOCH, Attempt.SUCCEEDS, null);
    }

    private static TaskSeen seen(String key, Look look) {
        return new TaskSeen(key, "id-" + key, look, look, true);
    }

    private static ResultMessage result(String key, String id, String messageId, String body) {
        return new ResultMessage(key, id, messageId, "succeeded", body);
    }
}
