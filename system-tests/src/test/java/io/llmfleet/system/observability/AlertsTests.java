package io.llmfleet.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlertsTests {

    private static final String RUNBOOKS = "docs/runbooks.md";
    private static final List<String> PARTS =
            List.of("**Means**", "**Users feel**", "**Look**", "**Mend**", "**Mended when**");

    static Stream<Rule> alerts() {
        return ShippedFiles.alerts().stream();
    }

    @Test
    void haveNamesOfTheirOwn() {
        assertThat(ShippedFiles.alerts())
                .isNotEmpty()
                .extracting(Rule::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("Fleet[A-Z][A-Za-z]+"));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void everyAlertSaysHowBadItIsAndWhat(Rule alert) {
        assertThat(alert.labels().get("severity")).isIn(Set.of("critical", "warning"));
        assertThat(alert.annotations().get("summary")).isNotBlank();
        assertThat(alert.annotations().get("description")).endsWith(".");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void everyAlertHasARunbookWithAllItsParts(Rule alert) {
        String url = alert.annotations().get("runbook_url");
        assertThat(url).isEqualTo(RUNBOOKS + "#" + alert.name().toLowerCase(java.util.Locale.ROOT));

        String text = ShippedFiles.text(ShippedFiles.ROOT.resolve(Path.of(RUNBOOKS)));
        int start = text.indexOf("\n## " + alert.name() + "\n");
        assertThat(start).as("a section of " + RUNBOOKS + " for " + alert.name()).isNotNegative();
        int end = text.indexOf("\n## ", start + 1);
        String section = text.substring(start, end < 0 ? text.length() : end);
        assertThat(section).contains(PARTS);
    }

    @Test
    void everyRunbookBelongsToAnAlert() {
        List<String> sections =
                ShippedFiles.text(ShippedFiles.ROOT.resolve(Path.of(RUNBOOKS)))
                        .lines()
                        .filter(l -> l.startsWith("## Fleet"))
                        .map(l -> l.substring("## ".length()))
                        .toList();

        assertThat(sections)
                .containsExactlyElementsOf(ShippedFiles.alerts().stream().map(Rule::name).toList());
    }
}
