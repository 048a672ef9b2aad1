package io.llmfleet.producer.webhook;

import io.llmfleet.producer.response.ResponseId;
import io.llmfleet.producer.response.ResponseStatus;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.wire.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * What a webhook says of a task that is final: what happened, and to what; never what was asked or
 * answered, which the receiver fetches.
 *
 * @param body JSON
 */
record OutcomeEvent(String type, String body) {

    /**
     * @param delivery the webhook's id
     */
    static OutcomeEvent of(UUID delivery, StoredOutcome stored) {
        return switch (stored.webhookKind()) {
            case TASK, STEP -> ofTask(stored);
            case RESPONSE -> ofResponse(delivery, stored.outcome());
        };
    }

    private static OutcomeEvent ofTask(StoredOutcome stored) {
        FinalOutcome outcome = stored.outcome();
        String type = "task." + outcome.state().name().toLowerCase(Locale.ROOT);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", outcome.id());
        data.put("type", stored.type());
        data.put("state", outcome.state());
        data.put("finishedAt", outcome.finishedAt());
        if (outcome.failure() != null) {
            data.put("code", outcome.failure().code());
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type);
        body.put("timestamp", outcome.finishedAt());
        body.put("data", data);
        return new OutcomeEvent(type, Json.write(body));
    }

    /** An event as OpenAI's webhooks have it. */
    private static OutcomeEvent ofResponse(UUID delivery, FinalOutcome outcome) {
        String type = "response." + ResponseStatus.of(outcome.state(), outcome.result()).word();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", "evt_" + delivery);
        body.put("object", "event");
        body.put("created_at", outcome.finishedAt().getEpochSecond());
        body.put("type", type);
        body.put("data", Map.of("id", ResponseId.of(outcome.id())));
        return new OutcomeEvent(type, Json.write(body));
    }
}
