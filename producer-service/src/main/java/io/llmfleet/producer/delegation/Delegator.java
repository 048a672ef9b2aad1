package io.llmfleet.producer.delegation;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.producer.task.Admission;
import io.llmfleet.producer.task.DelegationProperties;
import io.llmfleet.producer.task.Delegations;
import io.llmfleet.producer.task.Delegations.Answered;
import io.llmfleet.producer.task.Delegations.Caller;
import io.llmfleet.producer.task.Delegations.Tree;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.Lineage;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.OverloadedException;
import io.llmfleet.producer.task.ParsedTask;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.wire.Delegated;
import io.llmfleet.wire.Delegation;
import io.llmfleet.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.node.ObjectNode;

/** Takes up what a running task delegates: children and the caller's wait are stored as one. */
public final class Delegator {

    private final Delegations delegations;
    private final TaskRequestParser parser;
    private final Admission admission;
    private final DelegationPolicy policy;
    private final DelegationProperties properties;
    private final TransactionTemplate transactions;
    private final ChildWatch watch;

    Delegator(
            Delegations delegations,
            TaskRequestParser parser,
            Admission admission,
            DelegationPolicy policy,
            DelegationProperties properties,
            TransactionTemplate transactions,
            ChildWatch watch) {
        this.delegations = delegations;
        this.parser = parser;
        this.admission = admission;
        this.policy = policy;
        this.properties = properties;
        this.transactions = transactions;
        this.watch = watch;
    }

    /**
     * What a worker said.
     *
     * @param epoch of the message that it worked on
     * @param failures of the attempts so far
     */
    public record Asked(
            UUID task,
            int epoch,
            Delegated delegated,
            List<AttemptFailure> failures,
            @Nullable Instant startedAt) {}

    /** What became of it. */
    public sealed interface Outcome {

        record Waits() implements Outcome {}

        /** The task is final, or this was taken up before. */
        record NoEffect() implements Outcome {}

        /** The task may not do this and must fail. */
        record Refused(String why) implements Outcome {}
    }

    public Outcome delegate(Asked asked) {
        return Objects.requireNonNull(transactions.execute(tx -> decide(asked)));
    }

    private Outcome decide(Asked asked) {
        Optional<Caller> caller = delegations.hold(asked.task(), asked.epoch());
        if (caller.isEmpty()) {
            return new Outcome.NoEffect();
        }
        Tree tree = caller.get().tree();
        if (tree == null) {
            return new Outcome.Refused("the task may not delegate, its request does not allow it");
        }
        Optional<String> failure = policy.failure(caller.get().round());
        if (failure.isPresent()) {
            return new Outcome.Refused(failure.get());
        }
        Delegated delegated = asked.delegated();
        byte[] continuation =
                delegated.continuation() == null ? null : Json.bytes(delegated.continuation());
        if (continuation != null && continuation.length > properties.maxContinuation().toBytes()) {
            return new Outcome.Refused(
                    "the continuation has "
                            + continuation.length
                            + " bytes, accepted: up to "
                            + properties.maxContinuation().toBytes());
        }
        List<Answered> calls = answers(caller.get(), tree, delegated.calls());
        delegations.delegate(
                caller.get(),
                new Delegations.Round(
                        calls,
                        continuation,
                        asked.failures(),
                        delegated.usage(),
                        delegated.model(),
                        asked.startedAt()));
        if (calls.stream().allMatch(c -> c.child() == null)) {
            watch.resumeAfterCommit(asked.task());
        }
        return new Outcome.Waits();
    }

    private List<Answered> answers(Caller caller, Tree tree, List<Delegated.Call> calls) {
        List<Answered> answers = new ArrayList<>();
        int children = 0;
        for (Delegated.Call call : calls) {
            int place = answers.size();
            Optional<String> refusal = policy.refusal(tree, place, children);
            Answered answer =
                    refusal.isPresent()
                            ? new Answered(call.id(), null, refusal.get())
                            : child(caller, tree, call);
            children += answer.child() == null ? 0 : 1;
            answers.add(answer);
        }
        return answers;
    }

    private Answered child(Caller caller, Tree tree, Delegated.Call call) {
        TaskOrigin origin = TaskOrigin.of(caller.tenant(), caller.key(), caller.traceParent());
        return switch (parser.parse(request(caller, call), origin)) {
            case ParsedTask.Invalid invalid ->
                    new Answered(call.id(), null, "not delegated: " + sentence(invalid));
            case ParsedTask.Valid valid -> admitted(call, valid.task().with(lineage(caller, tree)));
        };
    }

    private Answered admitted(Delegated.Call call, NewTask child) {
        try {
            admission.admit(child, Json.bytes(child.input()).length);
            return new Answered(call.id(), child, null);
        } catch (OverloadedException e) {
            return new Answered(call.id(), null, "not delegated: " + e.getMessage());
        }
    }

    private Lineage lineage(Caller caller, Tree tree) {
        Delegation told =
                DelegationPolicy.childDelegates(tree)
                        ? policy.left(
                                new Tree(
                                        tree.root(),
                                        tree.depth() + 1,
                                        tree.limits(),
                                        tree.tasks(),
                                        tree.tokens()),
                                0)
                        : null;
        return new Lineage(caller.id(), tree.root(), tree.depth() + 1, tree.limits(), told);
    }

    private static ObjectNode request(Caller caller, Delegated.Call call) {
        ObjectNode request = Json.MAPPER.createObjectNode();
        if (call.type() != null) {
            request.put("type", call.type());
        }
        if (call.target() != null && !call.target().isBlank()) {
            request.put("target", call.target());
        }
        if (call.input() != null) {
            request.set("input", call.input());
        }
        return request.put("priority", caller.priority().wire())
                .put("deadline", caller.deadline().toString())
                .put("callLimit", caller.callLimit().toString());
    }

    private static String sentence(ParsedTask.Invalid invalid) {
        return invalid.errors().stream().map(Delegator::sentence).collect(Collectors.joining("; "));
    }

    private static String sentence(FieldError error) {
        return error.field() + " " + error.message();
    }
}
