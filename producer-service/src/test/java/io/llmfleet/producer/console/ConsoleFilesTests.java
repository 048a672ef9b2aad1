package io.llmfleet.producer.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ConsoleFilesTests {

    private static final Path FILES = Path.of("src/main/resources/static/console");
    private static final Pattern TEXT = Pattern.compile("\\bt\\('([\\w.-]+)'");

    /** Whatever makes markup or code of a text; the browser refuses it as well. */
    private static final Pattern MARKUP =
            Pattern.compile(
                    "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function"
                            + "|DOMParser|createContextualFragment|srcdoc");

    static Stream<Path> scripts() throws IOException {
        return Files.walk(FILES).filter(f -> f.toString().endsWith(".js")).sorted();
    }

    @Test
    void everyLanguageHasTheSameTexts() throws IOException {
        assertThat(messages("zh").propertyNames())
                .containsExactlyInAnyOrderElementsOf(messages("en").propertyNames());
    }

    @Test
    void everyTextOfOneLanguageHasThePlacesOfTheOther() throws IOException {
        JsonNode chinese = messages("zh");
        messages("en")
                .properties()
                .forEach(
                        text ->
                                assertThat(places(chinese.path(text.getKey()).asString()))
                                        .as(text.getKey())
                                        .isEqualTo(places(text.getValue().asString())));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void everyTextThatIsShownIsThere(Path script) throws IOException {
        Set<String> shown =
                TEXT.matcher(Files.readString(script))
                        .results()
                        .map(m -> m.group(1))
                        .collect(Collectors.toSet());

        assertThat(messages("en").propertyNames()).containsAll(shown);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void textNeverBecomesMarkupOrCode(Path script) throws IOException {
        assertThat(MARKUP.matcher(Files.readString(script)).find()).isFalse();
    }

    private static JsonNode messages(String language) throws IOException {
        return Json.MAPPER.readTree(
                Files.readString(FILES.resolve("messages/" + language + ".json")));
    }

    private static Set<String> places(String text) {
        return Pattern.compile("\\{\\w+}")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
