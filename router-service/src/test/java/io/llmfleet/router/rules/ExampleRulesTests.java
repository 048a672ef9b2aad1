package io.llmfleet.router.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.llmfleet.router.routing.RuleBook;
import io.llmfleet.router.routing.RulesProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that people copy are right. */
class ExampleRulesTests {

    private static final Path ROOT = Path.of("..");

    @ParameterizedTest
    @ValueSource(strings = {"examples/routing.yml", "deploy/compose/routing/routing.yml"})
    void fileThatIsShippedCanBeFollowed(String file) throws IOException {
        RulesProperties said = RulesFile.read(file, Files.readAllBytes(ROOT.resolve(file)));

        assertThatCode(
                        () ->
                                new RuleBook(
                                        file + ": ",
                                        said,
                                        List.of("default", "small"),
                                        () -> text -> new float[] {1}))
                .doesNotThrowAnyException();
        assertThat(said.learning().memory()).isEqualTo(200);
    }
}
