package io.llmfleet.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmfleet.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskTypesTests {

    private final TaskTypes types = TaskTypes.load(null);

    @Test
    void builtInTypesAreAllThere() {
        assertThat(types.names()).containsExactlyInAnyOrderElementsOf(TaskTypes.BUILT_IN);
        assertThat(types.all()).allSatisfy(t -> assertThat(t.description()).endsWith("."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chat      | {'text':'hi'}",
                "chat      | {'messages':[{'role':'user','content':'hi'}],'temperature':0,'seed':1}",
                "embed     | {'input':['a','b'],'encoding_format':'float'}",
                "generate  | {'prompt':'a line','schema':{'type':'object'}}",
                "summarize | {'text':'a','sentences':2}",
                "translate | {'text':'a','to':'de'}",
                "classify  | {'text':'a','labels':['x',{'name':'y','description':'why'}]}",
                "extract   | {'text':'a','what':'triples'}",
                "answer    | {'question':'a','context':['b','c']}",
            })
    void acceptsWhatItDocuments(String type, String input) {
        assertThat(type(type).checkInput(Json.tree(input.replace('\'', '"').getBytes()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chat      | {}                                      | messages",
                "summarize | {'sentences':2}                         | text",
                "summarize | {'text':'a','sentences':0}              | /sentences",
                "summarize | {'text':'a','lines':2}                  | lines",
                "translate | {'text':'a'}                            | to",
                "classify  | {'text':'a','labels':['x']}             | /labels",
                "extract   | {'text':'a','what':'everything'}        | /what",
                "answer    | {'question':'a','context':[]}           | /context",
            })
    void namesWhatAnInputBreaks(String type, String input, String named) {
        assertThat(type(type).checkInput(Json.tree(input.replace('\'', '"').getBytes())))
                .anySatisfy(e -> assertThat(e).contains(named));
    }

    @Test
    void fileReplacesABuiltInTypeAndAddsAnother(@TempDir Path folder) throws IOException {
        String yaml =
                """
                name: %s
                description: Ours.
                input: {type: object, required: [x]}
                output: {type: object}
                prompt: {user: "{{x}}", textField: text}
                """;
        Files.writeString(folder.resolve("chat.yaml"), yaml.formatted("chat"));
        Files.writeString(folder.resolve("review.yaml"), yaml.formatted("review"));

        TaskTypes configured = TaskTypes.load(folder);

        assertThat(configured.find("chat").orElseThrow().description()).isEqualTo("Ours.");
        assertThat(configured.find("review")).isPresent();
        assertThat(configured.names()).hasSize(TaskTypes.BUILT_IN.size() + 1);
    }

    @Test
    void brokenFileIsNamed(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("bad.yaml"), "name: bad\nschema: {}\n");

        assertThatThrownBy(() -> TaskTypes.load(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bad.yaml");
    }

    private TaskType type(String name) {
        return types.find(name).orElseThrow();
    }
}
