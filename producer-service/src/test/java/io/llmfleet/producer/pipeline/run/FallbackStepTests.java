package io.llmfleet.producer.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.TaskState;
import io.llmfleet.producer.pipeline.definition.DefinitionReader;
import io.llmfleet.producer.pipeline.definition.Pipeline;
import io.llmfleet.wire.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Steps that stand in for others. */
class FallbackStepTests {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private static final String TWO =
            """
            steps:
              - {id: hard, type: chat, input: {text: x}, fallback: {step: easy}}
              - {id: easy, type: chat, input: {text: y}}
              - {id: after, value: "${steps.hard}"}
            """;

    private final Map<String, StepRecord> steps = new LinkedHashMap<>();
    private final List<CallRecord> calls = new ArrayList<>();

    @Test
    void anUnneededOneIsSkipped() {
        Pipeline p = pipeline(TWO);

        Next first = next(p);
        assertThat(first.start()).extracting(s -> s.key().step()).containsExactly("hard");
        assertThat(steps).doesNotContainKey("easy");
        succeed(first.start().getFirst(), "\"by hard\"");

        assertThat(next(p).output()).isEqualTo(json("\"by hard\""));
        assertThat(states()).isEqualTo("hard=SUCCEEDED easy=SKIPPED after=SUCCEEDED");
    }

    @Test
    void itsOutputIsTheFailedStepsForAllThatNeedIt() {
        Pipeline p = pipeline(TWO);

        fail(next(p));
        Next second = next(p);
        assertThat(second.state()).isEqualTo(RunState.RUNNING);
        assertThat(second.start()).extracting(s -> s.key().step()).containsExactly("easy");
        assertThat(states()).isEqualTo("hard=REPLACED easy=RUNNING");
        assertThat(steps.get("hard").problem().code()).isEqualTo("BACKEND_REFUSED");
        succeed(second.start().getFirst(), "\"by easy\"");

        assertThat(next(p).output()).isEqualTo(json("\"by easy\""));
        assertThat(states()).isEqualTo("hard=REPLACED easy=SUCCEEDED after=SUCCEEDED");
    }

    @Test
    void theNextOfAChainTakesOver() {
        Pipeline p =
                pipeline(
                        """
                        steps:
                          - {id: a, value: "${$error('no')}", fallback: {step: b}}
                          - {id: b, wait: {timeout: PT1M}, fallback: {step: c}}
                          - {id: c, value: 3}
                        """);

        assertThat(next(p, START).lookAt()).isEqualTo(START.plusSeconds(60));
        assertThat(states()).isEqualTo("a=REPLACED b=WAITING");

        assertThat(next(p, START.plusSeconds(60)).output()).isEqualTo(json("3"));
        assertThat(states()).isEqualTo("a=REPLACED b=REPLACED c=SUCCEEDED");
    }

    @Test
    void whatIsUnderWayOfTheFailedStepIsStopped() {
        Pipeline p =
                pipeline(
                        """
                        steps:
                          - {id: all, map: {over: '[1,2]'}, type: chat, input: {text: x}, fallback: {step: one}}
                          - {id: one, type: chat, input: {text: y}}
                        """);
        List<Next.Start> both = next(p).start();
        calls.add(call(both.get(0), TaskState.FAILED, null));
        CallRecord open = call(both.get(1), null, null);
        calls.add(open);

        Next next = next(p);

        assertThat(next.stop()).containsExactly(open.task());
        assertThat(next.start()).extracting(s -> s.key().step()).containsExactly("one");
    }

    @Test
    void aDeadlineOrBudgetThatIsOverCallsForItToo() {
        Pipeline p =
                pipeline(
                        """
                        steps:
                          - {id: slow, type: chat, input: {text: x}, deadline: PT1M, retry: {attempts: 9}, fallback: {step: other}}
                          - {id: dear, type: chat, input: {text: x}, budget: {tokens: 1}, retry: {attempts: 9}, fallback: {step: other}}
                          - {id: other, type: chat, input: {text: y}}
                        """);
        next(p).start().forEach(s -> calls.add(call(s, TaskState.FAILED, "BACKEND_ERROR")));

        Next next = next(p, START.plusSeconds(60));

        assertThat(states()).isEqualTo("slow=REPLACED dear=REPLACED other=RUNNING");
        assertThat(steps.get("slow").problem().code()).isEqualTo(Problem.DEADLINE_EXCEEDED);
        assertThat(steps.get("dear").problem().code()).isEqualTo(Problem.BUDGET_SPENT);
        assertThat(next.start()).hasSize(1);
    }

    @Test
    void oneThatMayNotLeavesTheFailureAsItIs() {
        Pipeline p =
                pipeline(
                        """
                        steps:
                          - {id: a, value: "${$error('no')}", fallback: {step: b}}
                          - {id: b, when: input.allowed, value: 1}
                          - {id: c, value: "${steps.b}"}
                        """);

        Next next = next(p);

        assertThat(next.state()).isEqualTo(RunState.FAILED);
        assertThat(next.problem().message()).startsWith("step a: ");
        assertThat(states()).isEqualTo("a=FAILED b=SKIPPED");
    }

    @Test
    void aResumedRunTriesTheReplacedStepFirst() {
        Pipeline p = pipeline(TWO);
        fail(next(p));
        fail(next(p));
        assertThat(next(p).problem().message()).startsWith("step easy: ");
        assertThat(states()).isEqualTo("hard=REPLACED easy=FAILED");

        resume(p);

        assertThat(states()).isEqualTo("hard=PENDING easy=PENDING");
        assertThat(next(p).start()).extracting(s -> s.key().step()).containsExactly("hard");
    }

    @Test
    void aResumedRunKeepsAReplacementThatSucceeded() {
        Pipeline p = pipeline(TWO.replace("${steps.hard}", "${$error('no' & steps.hard)}"));
        fail(next(p));
        succeed(next(p).start().getFirst(), "1");
        assertThat(next(p).state()).isEqualTo(RunState.FAILED);

        resume(p);

        assertThat(states()).isEqualTo("hard=REPLACED easy=SUCCEEDED after=PENDING");
    }

    private void resume(Pipeline pipeline) {
        StepRecords.resumed(pipeline, List.copyOf(steps.values()), START)
                .forEach(s -> steps.put(s.id(), s));
        calls.removeIf(c -> !c.succeeded());
    }

    private String states() {
        return String.join(
                " ", steps.values().stream().map(s -> s.id() + "=" + s.state()).toList());
    }

    private Next next(Pipeline pipeline) {
        return next(pipeline, START);
    }

    private Next next(Pipeline pipeline, Instant now) {
        RunRecord run =
                new RunRecord(
                        RunState.RUNNING,
                        json("{}"),
                        START.plus(Duration.ofHours(1)),
                        List.copyOf(steps.values()),
                        List.copyOf(calls),
                        0,
                        BigDecimal.ZERO);
        Next next = RunPolicy.next(pipeline, run, now);
        next.changed().forEach(s -> steps.put(s.id(), s));
        return next;
    }

    private void fail(Next next) {
        next.start().forEach(s -> calls.add(call(s, TaskState.FAILED, "BACKEND_REFUSED")));
    }

    private void succeed(Next.Start start, String output) {
        CallRecord failed = call(start, TaskState.SUCCEEDED, null);
        calls.add(
                new CallRecord(
                        failed.key(),
                        failed.task(),
                        null,
                        failed.state(),
                        json(output),
                        null,
                        0,
                        BigDecimal.ZERO,
                        START,
                        START));
    }

    private static CallRecord call(Next.Start start, TaskState state, String code) {
        return new CallRecord(
                start.key(),
                UUID.randomUUID(),
                null,
                state,
                null,
                code == null ? null : new Problem(code, "no"),
                1,
                BigDecimal.ZERO,
                START,
                START);
    }

    private static Pipeline pipeline(String text) {
        DefinitionReader reader = new DefinitionReader("chat"::equals, t -> true);
        return switch (reader.read(text.getBytes(StandardCharsets.UTF_8))) {
            case DefinitionReader.Valid valid -> valid.pipeline();
            case DefinitionReader.Invalid invalid ->
                    throw new AssertionError(invalid.errors().toString());
        };
    }

    private static JsonNode json(String text) {
        return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    }
}
