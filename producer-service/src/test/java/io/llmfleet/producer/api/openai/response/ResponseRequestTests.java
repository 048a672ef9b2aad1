package io.llmfleet.producer.api.openai.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.wire.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which chat a response is asked for by; JSON is written with single quotes. */
class ResponseRequestTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'hello'                                        | [{'role':'user','content':'hello'}]",
                "[{'role':'user','content':'a'}]                | [{'role':'user','content':'a'}]",
                "[{'role':'developer','content':'a'}]           | [{'role':'system','content':'a'}]",
                "[{'type':'message','role':'user','content':[{'type':'input_text','text':'a'}]}]"
                        + " | [{'role':'user','content':'a'}]",
                "[{'role':'user','content':[{'type':'input_text','text':'a'},{'type':'input_image','image_url':'data:x','detail':'low'}]}]"
                        + " | [{'role':'user','content':[{'type':'text','text':'a'},{'type':'image_url','image_url':{'url':'data:x','detail':'low'}}]}]",
                "[{'role':'user','content':[{'type':'input_text','text':'a'},{'type':'input_file','filename':'f','file_data':'d'}]}]"
                        + " | [{'role':'user','content':[{'type':'text','text':'a'},{'type':'file','file':{'file_data':'d','filename':'f'}}]}]",
                "[{'role':'assistant','content':[{'type':'output_text','text':'a','annotations':[]},{'type':'output_text','text':'b'}]}]"
                        + " | [{'role':'assistant','content':'ab'}]",
                "[{'type':'reasoning','summary':[]},{'role':'user','content':'a'}]"
                        + " | [{'role':'user','content':'a'}]",
                "[{'type':'function_call','call_id':'c','name':'f','arguments':'1'}]"
                        + " | [{'role':'assistant','content':null,'tool_calls':[{'id':'c','type':'function','function':{'name':'f','arguments':'1'}}]}]",
                "[{'role':'assistant','content':'a'},{'type':'function_call','call_id':'c','name':'f','arguments':'1'},"
                        + "{'type':'function_call','call_id':'d','name':'g','arguments':'2'}]"
                        + " | [{'role':'assistant','content':'a','tool_calls':[{'id':'c','type':'function','function':{'name':'f','arguments':'1'}},"
                        + "{'id':'d','type':'function','function':{'name':'g','arguments':'2'}}]}]",
                "[{'type':'function_call_output','call_id':'c','output':'o'}]"
                        + " | [{'role':'tool','tool_call_id':'c','content':'o'}]",
                "[{'type':'function_call_output','call_id':'c','output':[{'type':'input_text','text':'o'}]}]"
                        + " | [{'role':'tool','tool_call_id':'c','content':'o'}]",
            })
    void makesMessagesOfItems(String input, String messages) {
        assertThat(chat("{'input':" + input + "}").get("messages")).isEqualTo(json(messages));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'temperature':0.5                     | 'temperature':0.5",
                "'top_p':0.5,'user':'u','seed':7       | 'top_p':0.5,'user':'u','seed':7",
                "'max_output_tokens':9                 | 'max_tokens':9",
                "'max_output_tokens':9,'reasoning':{}  | 'max_completion_tokens':9",
                "'reasoning':{'effort':'low'}          | 'reasoning_effort':'low'",
                "'text':{'verbosity':'low'}            | 'verbosity':'low'",
                "'text':{'format':{'type':'text'}}     | ",
                "'text':{'format':{'type':'json_object'}} | 'response_format':{'type':'json_object'}",
                "'text':{'format':{'type':'json_schema','name':'n','schema':{},'strict':true}}"
                        + " | 'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{},'strict':true}}",
                "'top_logprobs':2                      | 'top_logprobs':2,'logprobs':true",
                "'top_logprobs':0                      | ",
                "'stream':true                         | 'stream':true",
                "'unheard_of':7,'include':['x'],'truncation':'auto','store':true | ",
                "'metadata':{'a':'b'},'webhook':'http://x' | ",
                "'temperature':null,'tools':[],'tool_choice':'auto' | ",
                "'tools':[{'type':'function','name':'f','parameters':{},'strict':true}],'parallel_tool_calls':false"
                        + " | 'tools':[{'type':'function','function':{'name':'f','parameters':{},'strict':true}}],'parallel_tool_calls':false",
                "'tools':[{'type':'function','name':'f'}],'tool_choice':'required'"
                        + " | 'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'required'",
                "'tools':[{'type':'function','name':'f'}],'tool_choice':{'type':'function','name':'f'}"
                        + " | 'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':{'type':'function','function':{'name':'f'}}",
                "'tools':[{'type':'function','name':'f'},{'type':'function','name':'g'}],"
                        + "'tool_choice':{'type':'allowed_tools','mode':'required','tools':[{'type':'function','name':'g'}]}"
                        + " | 'tools':[{'type':'function','function':{'name':'g'}}],'tool_choice':'required'",
            })
    void passesOnWhatAChatHas(String asked, String expected) {
        ObjectNode chat = chat("{'input':'x'," + asked + "}");
        chat.remove("messages");

        assertThat(chat).isEqualTo(json("{" + (expected == null ? "" : expected) + "}"));
    }

    @Test
    void earlierMessagesComeBetweenTheInstructionsAndTheInput() {
        ArrayNode earlier = (ArrayNode) json("[{'role':'user','content':'a'}]");
        ObjectNode body = (ObjectNode) json("{'instructions':'i','input':'b'}");

        assertThat(new ResponseRequest(body).chat(earlier).get("messages"))
                .isEqualTo(
                        json(
                                "[{'role':'system','content':'i'},{'role':'user','content':'a'},"
                                        + "{'role':'user','content':'b'}]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'input':7}                                                       | input",
                "{'input':[7]}                                                     | input[0].type",
                "{'input':[{'type':'item_reference','id':'x'}]}                    | input[0].type",
                "{'input':[{'role':'boss','content':'x'}]}                         | input[0].role",
                "{'input':[{'role':'user'}]}                                       | input[0].content",
                "{'input':[{'role':'user','content':[{'type':'input_image','file_id':'f'}]}]} | input[0].content[0].image_url",
                "{'input':[{'type':'function_call','name':'f'}]}                   | input[0].call_id",
                "{'input':'x','instructions':7}                                    | instructions",
                "{'input':'x','tools':{}}                                          | tools",
                "{'input':'x','tools':[{'type':'function'}]}                       | tools[0].name",
                "{'input':'x','tools':[{'type':'mcp'}]}                            | tools[0].type",
                "{'input':'x','tools':[{'type':'function','name':'f'}],'tool_choice':{'type':'mcp'}} | tool_choice",
                "{'input':'x','text':{'format':{'type':'xml'}}}                    | text.format.type",
                "{'input':'x','prompt':{'id':'p'}}                                 | prompt",
                "{'input':'x','background':'yes'}                                  | background",
            })
    void namesWhatIsWrong(String body, String param) {
        assertThatThrownBy(() -> chat(body))
                .isInstanceOfSatisfying(
                        OpenAiException.class,
                        e -> {
                            assertThat(e.status().value()).isEqualTo(400);
                            assertThat(e.body().error().param()).isEqualTo(param);
                        });
    }

    private static ObjectNode chat(String body) {
        return new ResponseRequest((ObjectNode) json(body)).chat(Json.MAPPER.createArrayNode());
    }

    private static tools.jackson.databind.JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
