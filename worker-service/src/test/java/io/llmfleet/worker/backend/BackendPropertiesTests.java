package io.llmfleet.worker.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;

class BackendPropertiesTests {

    private static final String OPENAI =
            """
            fleet:
              backends:
                - name: openai
                  base-url: https://api.openai.com/v1
                  models: [gpt-4.1, "qwen2.5:7b", org/model_2]
            """;

    @Test
    void namesOfModelsAreKeysAsTheyAre() throws IOException {
        BackendProperties.Endpoint openai =
                bind("fallbacks: {gpt-4.1: org/model_2, '[qwen2.5:7b]': gpt-4.1}")
                        .backends()
                        .getFirst();

        assertThat(openai.fallbacks())
                .containsOnly(entry("gpt-4.1", "org/model_2"), entry("qwen2.5:7b", "gpt-4.1"));
    }

    @ParameterizedTest
    @CsvSource({"gpt-4.1", "[gpt-4.1]", "[qwen2.5:7b]", "[org/model_2]"})
    void pricesAreOfAModelByItsName(String key) throws IOException {
        BackendProperties.Endpoint openai =
                bind("prices: {\"" + key + "\": {input: 2, output: 8.5}}").backends().getFirst();

        BackendProperties.Price price = openai.price(key.replaceAll("[\\[\\]]", ""));
        assertThat(price.input()).isEqualByComparingTo("2");
        assertThat(price.output()).isEqualByComparingTo("8.5");
        assertThat(openai.price("another")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prices: {gpt-4: {input: 2}}    | prices of openai has 'gpt-4.input', accepted: [gpt-4.1.input",
                "prices: {gpt-4.1: {inputs: 2}} | prices of openai has 'gpt-4.1.inputs'",
                "prices: {qwen2.5:7b: {input: 2}}  | has 'qwen2.57b.input', accepted: [gpt-4.1.input",
                "prices: {gpt-4.1: {input: two}} | a price is 'two', accepted: a number",
                "fallbacks: {gpt-5: gpt-4.1}    | fallbacks of openai has 'gpt-5', accepted: [gpt-4.1",
            })
    void whatBelongsToNoModelIsRefused(String line, String wrong) {
        assertThatThrownBy(() -> bind(line)).rootCause().hasMessageContaining(wrong);
    }

    private static BackendProperties bind(String line) throws IOException {
        var sources =
                new YamlPropertySourceLoader()
                        .load("test", new ByteArrayResource((OPENAI + "      " + line).getBytes()));
        return new Binder(ConfigurationPropertySources.from(sources))
                .bind("fleet", BackendProperties.class)
                .get();
    }
}
