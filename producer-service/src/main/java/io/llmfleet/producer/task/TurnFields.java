package io.llmfleet.producer.task;

import io.llmfleet.producer.task.TurnOptions.History;
import io.llmfleet.producer.task.TurnOptions.OnFailure;
import io.llmfleet.producer.task.TurnOptions.WhileRunning;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a request says about the task's place in its conversation. */
final class TurnFields {

    private static final List<String> FIELDS = List.of("onFailure", "whileRunning", "history");
    private static final List<String> HISTORY = List.of("turns", "tokens");
    private static final int MOST_TURNS = 200;
    private static final int MOST_TOKENS = 1_000_000;
    private static final String CHAT = "chat";

    private final TaskFields fields;

    private TurnFields(TaskFields fields) {
        this.fields = fields;
    }

    static TurnOptions read(TaskFields fields, @Nullable String type, TaskOrigin origin) {
        JsonNode turn = fields.object("turn");
        if (turn == null || !turn.isObject()) {
            return TurnOptions.DEFAULT;
        }
        if (fields.value("conversation") == null) {
            fields.error("turn", "is for tasks of a conversation, and conversation is left out");
        }
        return new TurnFields(fields).read(turn, type, origin);
    }

    private TurnOptions read(JsonNode turn, @Nullable String type, TaskOrigin origin) {
        onlyThese("turn", turn, FIELDS);
        OnFailure onFailure =
                word(turn, "onFailure", OnFailure.values(), TurnOptions.DEFAULT.onFailure());
        WhileRunning whileRunning =
                word(
                        turn,
                        "whileRunning",
                        WhileRunning.values(),
                        TurnOptions.DEFAULT.whileRunning());
        if (whileRunning == WhileRunning.REJECT && origin.key() == null) {
            fields.error(
                    "turn/whileRunning",
                    "must be enqueue or interrupt over AMQP, where nobody waits for a refusal");
        }
        return new TurnOptions(onFailure, whileRunning, history(turn, type));
    }

    private void onlyThese(String where, JsonNode object, List<String> accepted) {
        for (String name : object.propertyNames()) {
            if (!accepted.contains(name)) {
                fields.error(
                        where + "/" + TaskFields.escape(name),
                        "unknown field; accepted: " + String.join(", ", accepted));
            }
        }
    }

    private <E extends Enum<E>> E word(JsonNode turn, String field, E[] accepted, E otherwise) {
        JsonNode value = turn.get(field);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        for (E each : accepted) {
            if (value.isString() && TurnOptions.word(each).equals(value.stringValue())) {
                return each;
            }
        }
        fields.error(
                "turn/" + field,
                "must be one of: "
                        + Arrays.stream(accepted)
                                .map(TurnOptions::word)
                                .collect(Collectors.joining(", ")));
        return otherwise;
    }

    private @Nullable History history(JsonNode turn, @Nullable String type) {
        JsonNode history = turn.get("history");
        if (history == null || history.isNull()) {
            return null;
        }
        if (!history.isObject() || history.has("turns") == history.has("tokens")) {
            fields.error("turn/history", "must be {\"turns\": n} or {\"tokens\": n}");
            return null;
        }
        onlyThese("turn/history", history, HISTORY);
        if (!CHAT.equals(type)) {
            fields.error("turn/history", "is for tasks of the type chat");
        }
        return new History(
                number(history, "turns", MOST_TURNS), number(history, "tokens", MOST_TOKENS));
    }

    private @Nullable Integer number(JsonNode history, String field, int most) {
        JsonNode value = history.get(field);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < 1
                || value.intValue() > most) {
            fields.error("turn/history/" + field, "must be a number from 1 to " + most);
            return null;
        }
        return value.intValue();
    }
}
