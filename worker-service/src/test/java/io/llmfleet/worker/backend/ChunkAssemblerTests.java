package io.llmfleet.worker.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ChunkAssemblerTests {

    @Test
    void joinsTextAndKeepsWhatComesAtTheEnd() {
        JsonNode whole =
                assembled(
                        "{'id':'c1','model':'m','choices':[{'index':0,'delta':{'role':'assistant','content':''}}]}",
                        "{'id':'c1','model':'m','choices':[{'index':0,'delta':{'content':'Hel'}}]}",
                        "{'id':'c1','model':'m','choices':[{'index':0,'delta':{'content':'lo'}}],'usage':null}",
                        "{'id':'c1','model':'m','choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}",
                        "{'id':'c1','model':'m','choices':[],'usage':{'prompt_tokens':3,'completion_tokens':2}}");

        assertThat(whole)
                .isEqualTo(
                        json(
                                "{'id':'c1','model':'m','usage':{'prompt_tokens':3,'completion_tokens':2},"
                                        + "'object':'chat.completion','choices':[{'index':0,"
                                        + "'message':{'role':'assistant','content':'Hello'},'finish_reason':'stop'}]}"));
    }

    @Test
    void joinsToolCallsByTheirIndex() {
        JsonNode whole =
                assembled(
                        "{'choices':[{'index':0,'delta':{'role':'assistant','content':null,'tool_calls':[{'index':0,"
                                + "'id':'a','type':'function','function':{'name':'f','arguments':''}}]}}]}",
                        "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'{x:'}}]}}]}",
                        "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':1,'id':'b','type':'function',"
                                + "'function':{'name':'g','arguments':'{}'}}]}}]}",
                        "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'1}'}}]}}]}",
                        "{'choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}");

        JsonNode calls = whole.at("/choices/0/message/tool_calls");
        assertThat(calls)
                .isEqualTo(
                        json(
                                "[{'index':0,'id':'a','type':'function','function':{'name':'f','arguments':'{x:1}'}},"
                                        + "{'index':1,'id':'b','type':'function','function':{'name':'g','arguments':'{}'}}]"));
        assertThat(whole.at("/choices/0/message/content").isNull()).isTrue();
    }

    @Test
    void keepsChoicesApartAndInOrder() {
        JsonNode whole =
                assembled(
                        "{'choices':[{'index':1,'delta':{'content':'b'}}]}",
                        "{'choices':[{'index':0,'delta':{'content':'a'}}]}",
                        "{'choices':[{'index':1,'delta':{'content':'b'},'logprobs':{'content':[{'token':'b'}]}}]}");

        assertThat(whole.at("/choices/0/message/content").asString()).isEqualTo("a");
        assertThat(whole.at("/choices/1/message/content").asString()).isEqualTo("bb");
        assertThat(whole.at("/choices/1/logprobs/content/0/token").asString()).isEqualTo("b");
    }

    private static JsonNode assembled(String... chunks) {
        ChunkAssembler assembler = new ChunkAssembler();
        for (String chunk : chunks) {
            assembler.add(json(chunk));
        }
        return assembler.completion();
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
