package io.llmfleet.producer.api.openai.response;

import io.llmfleet.producer.api.openai.OpenAiTasks;
import io.llmfleet.producer.response.ResponseStatus;
import io.llmfleet.producer.task.TaskView;
import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells one attempt's output as events, in the one order that the output alone decides: the text,
 * the refusal, then each call of a function, each closed before the next.
 *
 * <p>What comes out of this order is not told before the end, which has the whole.
 */
final class ResponseScript {

    private enum Open {
        NOTHING,
        TEXT,
        REFUSAL,
        CALL
    }

    private final UUID task;
    private final Consumer<ResponseStep> steps;
    private final ArrayNode parts = Json.MAPPER.createArrayNode();
    private final StringBuilder said = new StringBuilder();
    private final List<CallSoFar> calls = new ArrayList<>();
    private Open open = Open.NOTHING;
    private ArrayNode logprobs = Json.MAPPER.createArrayNode();
    private int items;
    private boolean outOfOrder;

    /** A call as far as it is known. */
    private static final class CallSoFar {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
        private boolean opened;

        private ResponseContent.Call call() {
            return new ResponseContent.Call(id, name, arguments.toString());
        }
    }

    /** Begins with the preamble. */
    ResponseScript(UUID task, ObjectNode request, Consumer<ResponseStep> steps) {
        this.task = task;
        this.steps = steps;
        boolean background = new ResponseRequest(request).background();
        ResponseStatus first = background ? ResponseStatus.QUEUED : ResponseStatus.IN_PROGRESS;
        tell("response.created", "\1").set("response", ResponseJson.begun(task, request, first));
        tell("response.in_progress", "\2")
                .set("response", ResponseJson.begun(task, request, ResponseStatus.IN_PROGRESS));
    }

    /** The text goes on. */
    void text(String piece) {
        if (goesOn(Open.TEXT, piece)) {
            said.append(piece);
            ObjectNode delta = part("response.output_text.delta", piece).put("delta", piece);
            delta.putArray("logprobs");
        }
    }

    /**
     * Something else goes on.
     *
     * @param choices of a chat completion chunk
     */
    void choices(JsonNode choices) {
        for (JsonNode choice : choices) {
            if (choice.path("index").asInt(0) == 0) {
                JsonNode delta = choice.path("delta");
                text(delta.path("content").asString(""));
                refusal(delta.path("refusal").asString(""));
                int number = 0;
                for (JsonNode call : delta.path("tool_calls")) {
                    call(call.path("index").asInt(number++), call);
                }
            }
        }
    }

    /** The whole output of a task that succeeded, to its end. */
    void whole(TaskView done, ObjectNode request) {
        ObjectNode response = ResponseJson.of(done, request);
        JsonNode choice = OpenAiTasks.output(done).at("/choices/0");
        ResponseContent content = ResponseContent.of(task, choice);
        logprobs = content.logprobs();
        text(content.text());
        refusal(content.refusal());
        for (ResponseContent.Call call : content.calls()) {
            add(calls.size(), call.id(), call.name(), call.arguments());
        }
        if (open == Open.NOTHING) {
            open(Open.TEXT);
        }
        String status = response.path("status").asString("");
        close(status);
        tell("response." + status, "\3").set("response", response);
    }

    private void refusal(String piece) {
        if (goesOn(Open.REFUSAL, piece)) {
            said.append(piece);
            part("response.refusal.delta", piece).put("delta", piece);
        }
    }

    private void call(int number, JsonNode piece) {
        JsonNode function = piece.path("function");
        add(
                number,
                piece.path("id").asString(""),
                function.path("name").asString(""),
                function.path("arguments").asString(""));
    }

    private void add(int number, String id, String name, String arguments) {
        if (number == calls.size() && (number == 0 || calls.getLast().opened)) {
            calls.add(new CallSoFar());
        }
        if (outOfOrder || number != calls.size() - 1) {
            outOfOrder = true;
            return;
        }
        CallSoFar call = calls.getLast();
        call.id = id.isEmpty() ? call.id : id;
        call.name = call.opened ? call.name : call.name + name;
        call.arguments.append(arguments);
        if (call.opened) {
            argue(arguments);
        } else if (!call.id.isEmpty() && !call.name.isEmpty()) {
            begin(call);
        }
    }

    private void begin(CallSoFar call) {
        close(ResponseItems.COMPLETED);
        open = Open.CALL;
        call.opened = true;
        ResponseContent.Call begun = new ResponseContent.Call(call.id, call.name, "");
        tell("response.output_item.added", "\4" + call.id + "\4" + call.name)
                .put("output_index", items)
                .set("item", ResponseItems.call(task, items, ResponseItems.IN_PROGRESS, begun));
        argue(call.arguments.toString());
    }

    private void argue(String arguments) {
        if (!arguments.isEmpty()) {
            item("response.function_call_arguments.delta", arguments).put("delta", arguments);
        }
    }

    /** Opens what goes on, if it may still come. */
    private boolean goesOn(Open what, String piece) {
        if (piece.isEmpty() || outOfOrder) {
            return false;
        }
        if (open.compareTo(what) > 0) {
            outOfOrder = true;
            return false;
        }
        if (open != what) {
            open(what);
        }
        return true;
    }

    private void open(Open what) {
        if (open == Open.NOTHING) {
            ArrayNode none = Json.MAPPER.createArrayNode();
            tell("response.output_item.added", "\5")
                    .put("output_index", items)
                    .set("item", ResponseItems.message(task, ResponseItems.IN_PROGRESS, none));
        } else {
            closePart();
        }
        open = what;
        part("response.content_part.added", what == Open.TEXT ? "\6" : "\7")
                .set("part", saidPart());
    }

    private void close(String status) {
        switch (open) {
            case NOTHING -> {
                return;
            }
            case TEXT, REFUSAL -> {
                closePart();
                done(ResponseItems.message(task, status, parts));
            }
            case CALL -> {
                CallSoFar call = openedCall();
                item("response.function_call_arguments.done", "\10")
                        .put("name", call.name)
                        .put("arguments", call.arguments.toString());
                done(ResponseItems.call(task, items, status, call.call()));
            }
        }
        items++;
    }

    private CallSoFar openedCall() {
        return calls.getLast().opened ? calls.getLast() : calls.get(calls.size() - 2);
    }

    private void closePart() {
        String text = said.toString();
        if (open == Open.TEXT) {
            part("response.output_text.done", "\11").put("text", text).set("logprobs", logprobs);
        } else {
            part("response.refusal.done", "\11").put("refusal", text);
        }
        ObjectNode part = saidPart();
        part("response.content_part.done", "\12").set("part", part);
        parts.add(part);
        said.setLength(0);
    }

    private ObjectNode saidPart() {
        return open == Open.TEXT
                ? ResponseItems.text(said.toString(), logprobs)
                : ResponseItems.refusal(said.toString());
    }

    private void done(ObjectNode item) {
        tell("response.output_item.done", "\13").put("output_index", items).set("item", item);
    }

    private ObjectNode part(String type, String mark) {
        return tell(type, mark)
                .put("item_id", ResponseItems.messageId(task))
                .put("output_index", items)
                .put("content_index", parts.size());
    }

    private ObjectNode item(String type, String mark) {
        return tell(type, mark)
                .put("item_id", ResponseItems.callId(task, items))
                .put("output_index", items);
    }

    private ObjectNode tell(String type, String mark) {
        ObjectNode event = Json.MAPPER.createObjectNode().put("type", type);
        steps.accept(new ResponseStep(event, mark));
        return event;
    }
}
