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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class RunPolicyTests {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final Map<String, StepRecord> steps = new LinkedHashMap<>();
    private final List<CallRecord> calls = new ArrayList<>();
    private long tokens;

    @ParameterizedTest
    @CsvSource({
        "BACKEND_ERROR,   2",
        "UNSUPPORTED,     1",
        "BACKEND_REFUSED, 1",
        "POISON,          1",
        "RATE_LIMITED,    2",
    })
    void anotherTaskIsTriedWhereItMayHelp(String code, int attempts) {
        Pipeline p =
                pipeline("steps: [{id: a, type: chat, input: {text: x}, retry: {attempts: 2}}]");

        Next next = next(p, START);
        while (!next.start().isEmpty()) {
            fail(next, code);
            next = next(p, START);
        }

        assertThat(calls).hasSize(attempts);
        assertThat(next.state()).isEqualTo(RunState.FAILED);
        assertThat(next.problem().code()).isEqualTo(code);
    }

    @Test
    void whoAsksAgainGetsTheSameAnswer() {
        Pipeline p = pipeline("steps: [{id: a, type: chat, input: {text: '${input.x}'}}]");

        assertThat(RunPolicy.next(p, run(), START)).isEqualTo(RunPolicy.next(p, run(), START));
    }

    @Test
    void independentStepsStartTogetherAndAJoinWaitsForAll() {
        Pipeline p =
                pipeline(
                        """
                        steps:
                          - {id: a, type: chat, input: {text: x}}
                          - {id: b, type: chat, input: {text: x}}
                          - {id: c, needs: [a, b], type: chat, input: {text: x}}
                        """);

        Next first = next(p, START);
        assertThat(first.start()).extracting(s -> s.key().step()).containsExactly("a", "b");
        succeed(first.start().get(0), "1");
        calls.add(call(first.start().get(1), null, null, null));
        assertThat(next(p, START).start()).isEmpty();
        calls.removeLast();
        succeed(first.start().get(1), "2");
        assertThat(next(p, START).start()).extracting(s -> s.key().step()).containsExactly("c");
    }

    @Test
    void nothingIsStartedForARunThatFails() {
        Pipeline p =
                pipeline(
                        """
                        steps:
                          - {id: a, type: chat, input: {text: x}}
                          - {id: b, value: "${$error('no')}"}
                        """);

        Next next = next(p, START);

        assertThat(next.state()).isEqualTo(RunState.FAILED);
        assertThat(next.start()).isEmpty();
        assertThat(steps.get("a").state()).isEqualTo(StepState.CANCELLED);
    }

    @Test
    void aWaitThatIsOverFailsUnlessThereIsAValueInstead() {
        Pipeline p = pipeline("steps: [{id: a, wait: {timeout: PT1M}, fallback: {value: none}}]");
        Pipeline without = pipeline("steps: [{id: a, wait: {timeout: PT1M}}]");

        assertThat(next(p, START).lookAt()).isEqualTo(START.plus(Duration.ofMinutes(1)));
        assertThat(RunPolicy.next(without, run(), START.plusSeconds(60)).problem().code())
                .isEqualTo(Problem.DEADLINE_EXCEEDED);
        assertThat(next(p, START.plusSeconds(60)).output().asString()).isEqualTo("none");
    }

    @Test
    void aTasksDeadlineIsItsStepsOrItsRuns() {
        Pipeline p =
                pipeline(
                        """
                        steps:
                          - {id: a, type: chat, input: {text: x}, deadline: PT1M}
                          - {id: b, type: chat, input: {text: x}}
                        """);

        assertThat(next(p, START).start())
                .extracting(Next.Start::deadline)
                .containsExactly(START.plusSeconds(60), START.plus(Duration.ofHours(1)));
        assertThat(next(p, START.plus(Duration.ofHours(1))).problem().code())
                .isEqualTo(Problem.DEADLINE_EXCEEDED);
    }

    @Test
    void anEmptyListIsDoneAtOnce() {
        Pipeline p =
                pipeline("steps: [{id: a, map: {over: input.none}, type: chat, input: {text: x}}]");

        assertThat(next(p, START).output().toString()).isEqualTo("[]");
    }

    @Test
    void aResumedListKeepsItsItems() {
        Pipeline p = pipeline("steps: [{id: a, map: {over: input}, type: chat, input: {text: x}}]");
        StepRecord failed =
                StepRecord.pending("a")
                        .started(StepState.RUNNING, START, json("[1,2]"))
                        .failed(START, new Problem("X", "x"));
        StepRecord without = StepRecord.pending("a").failed(START, new Problem("X", "x"));
        Instant later = START.plusSeconds(9);

        assertThat(StepRecords.resumed(p, List.of(failed), later))
                .containsExactly(
                        StepRecord.pending("a").started(StepState.RUNNING, later, json("[1,2]")));
        assertThat(StepRecords.resumed(p, List.of(without), later))
                .containsExactly(StepRecord.pending("a"));
    }

    @Test
    void whatSucceededAtASecondAttemptIsNotCalledAgainAfterAResumption() {
        Pipeline p =
                pipeline(
                        "steps: [{id: a, map: {over: '[1,2]'}, type: chat, input: {text: x}, retry: {attempts: 2}}]");
        List<Next.Start> both = next(p, START).start();
        calls.add(call(both.get(0), TaskState.FAILED, null, new Problem("BACKEND_ERROR", "no")));
        calls.add(call(both.get(1), TaskState.FAILED, null, new Problem("UNSUPPORTED", "no")));
        Next.Start second = new Next.Start(both.get(0).key().again(), json("{}"), START);
        succeed(second, "1");

        resume(p);

        assertThat(next(p, START).start())
                .extracting(Next.Start::key)
                .containsExactly(both.get(1).key());
    }

    @Test
    void anItemWhoseFallbackSucceededIsNotCalledAgainAfterAResumption() {
        Pipeline p =
                pipeline(
                        "steps: [{id: a, map: {over: '[1,2]'}, type: chat, input: {text: x}, fallback: {type: chat, input: {text: y}}}]");
        fail(next(p, START), "BACKEND_ERROR");
        List<Next.Start> both = next(p, START).start();
        assertThat(both).extracting(s -> s.key().iteration()).containsExactly(0, 0);
        succeed(both.get(0), "1");
        calls.add(call(both.get(1), TaskState.FAILED, null, new Problem("BACKEND_ERROR", "no")));
        next(p, START);

        resume(p);

        assertThat(next(p, START).start()).extracting(s -> s.key().item()).containsExactly(1);
    }

    @Test
    void whatWasDeletedFailsWhatWouldReadIt() {
        Pipeline p =
                pipeline(
                        """
                        steps:
                          - {id: a, type: chat, input: {text: x}}
                          - {id: b, type: chat, input: {text: "${steps.a}"}}
                        """);
        succeed(next(p, START).start().getFirst(), "1");
        Next second = next(p, START);
        StepRecord a = steps.get("a");
        steps.put("a", new StepRecord("a", a.state(), START, START, null, null, null));

        Next notBegun = RunPolicy.next(p, without("b"), START);
        assertThat(notBegun.problem())
                .isEqualTo(
                        new Problem(
                                Problem.CONTENT_ERASED, "step b: what step a came to was deleted"));
        succeed(second.start().getFirst(), "2");
        assertThat(next(p, START).output()).isEqualTo(json("2"));
    }

    @Test
    void aListThatWasDeletedFailsItsStep() {
        Pipeline p =
                pipeline("steps: [{id: a, map: {over: '[1,2]'}, type: chat, input: {text: x}}]");
        next(p, START);
        steps.put("a", StepRecord.pending("a").started(StepState.RUNNING, START, null));

        assertThat(next(p, START).problem().code()).isEqualTo(Problem.CONTENT_ERASED);
    }

    @Test
    void aSpentBudgetStartsNothing() {
        Pipeline p =
                pipeline(
                        "{\"budget\":{\"tokens\":5},\"steps\":[{\"id\":\"a\",\"type\":\"chat\",\"input\":{\"text\":\"x\"}}]}");
        tokens = 5;

        assertThat(next(p, START).problem().code()).isEqualTo(Problem.BUDGET_SPENT);
    }

    private void resume(Pipeline pipeline) {
        StepRecords.resumed(pipeline, List.copyOf(steps.values()), START)
                .forEach(s -> steps.put(s.id(), s));
        calls.removeIf(c -> !c.succeeded());
    }

    private Next next(Pipeline pipeline, Instant now) {
        Next next = RunPolicy.next(pipeline, run(), now);
        next.changed().forEach(s -> steps.put(s.id(), s));
        return next;
    }

    private RunRecord without(String step) {
        RunRecord run = run();
        return new RunRecord(
                run.state(),
                run.input(),
                run.deadline(),
                run.steps().stream().filter(s -> !s.id().equals(step)).toList(),
                run.calls().stream().filter(c -> !c.key().step().equals(step)).toList(),
                0,
                BigDecimal.ZERO);
    }

    private RunRecord run() {
        return new RunRecord(
                RunState.RUNNING,
                json("{\"x\":\"y\"}"),
                START.plus(Duration.ofHours(1)),
                List.copyOf(steps.values()),
                List.copyOf(calls),
                tokens,
                BigDecimal.ZERO);
    }

    private void fail(Next next, String code) {
        next.start()
                .forEach(s -> calls.add(call(s, TaskState.FAILED, null, new Problem(code, "no"))));
    }

    private void succeed(Next.Start start, String output) {
        calls.add(call(start, TaskState.SUCCEEDED, json(output), null));
    }

    private static CallRecord call(
            Next.Start start, TaskState state, JsonNode output, Problem problem) {
        return new CallRecord(
                start.key(),
                UUID.randomUUID(),
                null,
                state,
                output,
                problem,
                0,
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
