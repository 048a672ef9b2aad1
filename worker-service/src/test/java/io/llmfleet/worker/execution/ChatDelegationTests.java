package io.llmfleet.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Usage;
import io.llmfleet.type.TaskType;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.Delegated;
import io.llmfleet.wire.Delegation;
import io.llmfleet.wire.Json;
import io.llmfleet.wire.TaskBody;
import io.llmfleet.worker.backend.Backend.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ChatDelegationTests {

    private static final TaskTypes TYPES = TaskTypes.load(null);
    private static final TaskType CHAT = TYPES.find("chat").orElseThrow();

    @Test
    void offersTheToolBesideTheClients() {
        JsonNode input =
                delegation(
                                "{'messages':[{'role':'user','content':'a'}],'tools':[{'function':{'name':'mine'}}]}",
                                open(null, null))
                        .input();

        assertThat(input.path("tools").valueStream().map(t -> t.at("/function/name").asString()))
                .containsExactly("mine", "delegate");
        assertThat(
                        input.at("/tools/1/function/parameters/properties/type/enum")
                                .valueStream()
                                .map(JsonNode::asString))
                .contains("chat", "summarize");
    }

    @Test
    void offersNothingWhenABudgetIsUsedUp() {
        Delegation spent = new Delegation(1, 7, 0, 100, null, null);

        JsonNode input = delegation("{'text':'a'}", spent).input();

        assertThat(input.has("tools")).isFalse();
        assertThat(input.at("/messages/0/content").asString()).isEqualTo("a");
        assertThat(input.has("text")).isFalse();
    }

    @Test
    void leavesTasksAloneThatMayNotDelegate() {
        TaskBody plain = new TaskBody(json("{'text':'a'}"), null);
        TaskType summarize = TYPES.find("summarize").orElseThrow();
        TaskBody other = new TaskBody(json("{'text':'a'}"), null, open(null, null));

        assertThat(ChatDelegation.of(CHAT, plain, TYPES.names())).isEmpty();
        assertThat(ChatDelegation.of(summarize, other, TYPES.names())).isEmpty();
    }

    @Test
    void readsWhatIsDelegatedAndLeavesOutTheClientsCalls() {
        Delegated delegated =
                delegation("{'text':'a'}", open(null, null))
                        .delegated(
                                answer(
                                        call("1", "mine", "{}")
                                                + ","
                                                + call(
                                                        "2",
                                                        "delegate",
                                                        "{'type':'chat','target':'any','input':{'text':'b'}}")))
                        .orElseThrow();

        assertThat(delegated.calls())
                .containsExactly(new Delegated.Call("2", "chat", "any", json("{'text':'b'}")));
        assertThat(delegated.continuation().at("/0/role").asString()).isEqualTo("assistant");
        assertThat(delegated.continuation().at("/0/tool_calls")).hasSize(1);
        assertThat(delegated.usage()).isNotNull();
    }

    @Test
    void passesAnAnswerWithTheClientsCallsAlone() {
        assertThat(
                        delegation("{'text':'a'}", open(null, null))
                                .delegated(answer(call("1", "mine", "{}"))))
                .isEmpty();
    }

    @Test
    void readsArgumentsThatAreNoJsonAsACallOfNothing() {
        Delegated delegated =
                delegation("{'text':'a'}", open(null, null))
                        .delegated(answer(call("1", "delegate", "nonsense")))
                        .orElseThrow();

        assertThat(delegated.calls()).containsExactly(new Delegated.Call("1", null, null, null));
    }

    @Test
    void goesOnWithWhatWasSaidAndTheResults() {
        JsonNode said = json("[{'role':'assistant','tool_calls':[]}]");
        List<Delegation.Told> results =
                List.of(
                        new Delegation.Told(
                                "1",
                                null,
                                json("{'choices':[{'message':{'content':'an answer'}}]}"),
                                null),
                        new Delegation.Told("2", null, json("{'summary':'s'}"), null),
                        new Delegation.Told("3", null, null, "FAILED: it broke"));

        ChatDelegation delegation = delegation("{'text':'a'}", open(said, results));
        JsonNode messages = delegation.input().path("messages");

        assertThat(messages.valueStream().map(m -> m.path("role").asString()))
                .containsExactly("user", "assistant", "tool", "tool", "tool");
        assertThat(messages.valueStream().skip(2).map(m -> m.path("content").asString()))
                .containsExactly(
                        "an answer", "{\"summary\":\"s\"}", "There is no result. FAILED: it broke");
        Delegated next = delegation.delegated(answer(call("4", "delegate", "{}"))).orElseThrow();
        assertThat(next.continuation()).hasSize(5);
    }

    private static ChatDelegation delegation(String input, Delegation delegation) {
        TaskBody body = new TaskBody(json(input), null, delegation);
        return ChatDelegation.of(CHAT, body, TYPES.names()).orElseThrow();
    }

    private static Delegation open(JsonNode continuation, List<Delegation.Told> results) {
        return new Delegation(0, 8, 8, 100, continuation, results);
    }

    private static Answer.Done answer(String calls) {
        JsonNode output =
                json(
                        "{'choices':[{'message':{'role':'assistant','content':null,'tool_calls':["
                                + calls
                                + "]}}]}");
        return new Answer.Done(output, new Usage(1, 2, null, 3), "m");
    }

    private static String call(String id, String name, String arguments) {
        return "{'id':'%s','type':'function','function':{'name':'%s','arguments':'%s'}}"
                .formatted(id, name, arguments.replace("'", "\\'"));
    }

    /** With single quotes; an escaped one stands in a string. */
    private static JsonNode json(String text) {
        String json = text.replace("\\'", "\0").replace('\'', '"').replace("\0", "\\\"");
        return Json.tree(json.getBytes(StandardCharsets.UTF_8));
    }
}
