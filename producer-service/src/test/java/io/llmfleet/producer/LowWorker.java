package io.llmfleet.producer;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Priority;
import io.llmfleet.model.Result;
import io.llmfleet.model.Usage;
import io.llmfleet.wire.Envelope;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.Queues;
import io.llmfleet.wire.RoutingKeys;
import io.llmfleet.wire.WireBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Plays the router and a worker for tasks of low priority, whichever come. */
public record LowWorker(ProducerUnderTest producer) {

    /**
     * Takes so many tasks and replies to each.
     *
     * @param output of an input; null to fail the task, a missing node to leave it running
     */
    public void work(int count, Function<JsonNode, JsonNode> output) {
        for (int i = 0; i < count; i++) {
            GetResponse message =
                    await().pollInterval(Duration.ofMillis(20)).until(this::next, Objects::nonNull);
            reply(message, output.apply(json(message).path("input")));
        }
    }

    private static JsonNode json(GetResponse m) {
        return Json.tree(new WireBody(m.getBody(), m.getProps().getContentEncoding()).decoded());
    }

    private void reply(GetResponse message, JsonNode output) {
        Envelope task = ProducerUnderTest.envelope(message).routed("default", Worker.MODEL, "it");
        Worker worker = new Worker(producer);
        if (output == null) {
            worker.fail(task, FailureCode.BACKEND_REFUSED);
        } else if (!output.isMissingNode()) {
            worker.reply(
                    task,
                    RoutingKeys.SUCCEEDED,
                    Json.bytes(
                            new Result.Succeeded(output, new Usage(3, 5, null, 12), Worker.MODEL)));
        }
    }

    private GetResponse next() {
        try {
            return producer.channel().basicGet(Queues.ingress(Priority.LOW), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
