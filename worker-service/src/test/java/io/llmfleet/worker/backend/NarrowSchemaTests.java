package io.llmfleet.worker.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class NarrowSchemaTests {

    private static final TaskTypes TYPES = TaskTypes.load(null);

    @Test
    void aLabelIsOneOfTheTasksOwn() {
        JsonNode schema = narrow("classify", "{'labels':['a',{'name':'b','description':'x'}]}");

        assertThat(schema.at("/properties/label/enum").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(
                        TYPES.find("classify")
                                .orElseThrow()
                                .output()
                                .at("/properties/label")
                                .has("enum"))
                .isFalse();
    }

    @Test
    void anExtractIsWhatTheTaskAsksFor() {
        assertThat(narrow("extract", "{}").path("required").toString())
                .isEqualTo("[\"keyPhrases\"]");
        JsonNode triples = narrow("extract", "{'what':'triples'}");
        assertThat(triples.path("properties").propertyNames()).containsExactly("triples");
        assertThat(triples.has("anyOf")).isFalse();
        JsonNode fields = narrow("extract", "{'what':'fields','fields':{'type':'object','x':1}}");
        assertThat(fields.at("/properties/fields/x").asInt()).isEqualTo(1);
    }

    private static JsonNode narrow(String type, String input) {
        JsonNode json = Json.tree(input.replace('\'', '"').getBytes());
        return NarrowSchema.of(TYPES.find(type).orElseThrow(), json);
    }
}
