package io.llmfleet.producer.delegation;

import io.llmfleet.producer.dispatch.MessageBodies;
import io.llmfleet.producer.task.DelegationProperties;
import io.llmfleet.producer.task.Delegations;
import io.llmfleet.producer.task.Delegations.Resumption;
import io.llmfleet.producer.task.OpenTask;
import io.llmfleet.wire.Delegation;
import io.llmfleet.wire.Json;
import tools.jackson.databind.node.ObjectNode;

/** Gives a task that goes on what it left for itself, and what became of its calls. */
final class DelegationBodies implements MessageBodies {

    private final Delegations delegations;
    private final DelegationPolicy policy;
    private final DelegationProperties properties;

    DelegationBodies(
            Delegations delegations, DelegationPolicy policy, DelegationProperties properties) {
        this.delegations = delegations;
        this.policy = policy;
        this.properties = properties;
    }

    @Override
    public byte[] of(OpenTask task, byte[] body) {
        return task.round() == 0
                ? body
                : delegations
                        .resumption(task.id(), task.round(), properties.maxResult().toBytes())
                        .map(r -> resumed(body, task.round(), r))
                        .orElse(body);
    }

    private byte[] resumed(byte[] body, int round, Resumption resumption) {
        Delegation left = policy.left(resumption.tree(), round);
        byte[] continuation = resumption.continuation();
        ObjectNode task = (ObjectNode) Json.tree(body);
        task.set(
                "delegation",
                Json.MAPPER.valueToTree(
                        new Delegation(
                                left.round(),
                                left.roundsLeft(),
                                left.tasksLeft(),
                                left.tokensLeft(),
                                continuation == null ? null : Json.tree(continuation),
                                resumption.results())));
        return Json.bytes(task);
    }
}
