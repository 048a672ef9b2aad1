package io.llmfleet.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class DashboardsTests {

    private static final int COLUMNS = 24;
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)");
    private static final Set<String> BUILT_IN = Set.of("__rate_interval");

    static Stream<Dashboard> dashboards() {
        return ShippedFiles.dashboards().stream();
    }

    @Test
    void areFiveWithUidsAndTitlesOfTheirOwn() {
        List<Dashboard> all = ShippedFiles.dashboards();

        assertThat(all).hasSize(5);
        assertThat(all).extracting(d -> d.json().path("uid").asString("")).doesNotHaveDuplicates();
        assertThat(all)
                .extracting(d -> d.json().path("title").asString(""))
                .doesNotHaveDuplicates()
                .allMatch(title -> title.startsWith("LLM Fleet / "));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelHasUnitDescriptionAndThresholds(Dashboard dashboard) {
        assertThat(dashboard.panels()).isNotEmpty();
        for (Dashboard.Panel panel : dashboard.panels()) {
            JsonNode defaults = panel.json().path("fieldConfig").path("defaults");
            String where = dashboard.file() + ": " + panel.title();
            assertThat(panel.title()).as(where).isNotBlank();
            assertThat(panel.json().path("description").asString("")).as(where).endsWith(".");
            assertThat(defaults.path("unit").asString("")).as(where).isNotBlank();
            assertThat(defaults.path("thresholds").path("steps")).as(where).isNotEmpty();
            assertThat(panel.expressions()).as(where).isNotEmpty().allMatch(e -> !e.isBlank());
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everythingReadsTheDataSourceThatIsChosen(Dashboard dashboard) {
        assertThat(dashboard.json().findValues("datasource"))
                .hasSizeGreaterThanOrEqualTo(dashboard.panels().size())
                .allMatch(d -> d.path("uid").asString("").equals("${datasource}"));
        assertThat(
                        dashboard
                                .json()
                                .path("templating")
                                .path("list")
                                .path(0)
                                .path("type")
                                .asString(""))
                .isEqualTo("datasource");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void usesEveryVariableThatItDeclaresAndNoOther(Dashboard dashboard) {
        Set<String> used = new HashSet<>();
        for (Dashboard.Panel panel : dashboard.panels()) {
            for (String expression : panel.expressions()) {
                Matcher variable = VARIABLE.matcher(expression);
                while (variable.find()) {
                    used.add(variable.group(1));
                }
            }
        }
        used.removeAll(BUILT_IN);

        assertThat(used)
                .containsExactlyInAnyOrderElementsOf(
                        dashboard.variables().stream().map(Dashboard.Variable::name).toList());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void noPanelLiesOnAnother(Dashboard dashboard) {
        List<JsonNode> all = new ArrayList<>(dashboard.rows());
        dashboard.panels().forEach(p -> all.add(p.json()));
        Set<String> taken = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : all) {
            String title = panel.path("title").asString("");
            assertThat(ids.add(panel.path("id").asInt(0))).as(title + " has its own id").isTrue();
            JsonNode at = panel.path("gridPos");
            assertThat(at.path("x").asInt(0) + at.path("w").asInt(0)).isLessThanOrEqualTo(COLUMNS);
            for (int x = 0; x < at.path("w").asInt(0); x++) {
                for (int y = 0; y < at.path("h").asInt(0); y++) {
                    String cell = (at.path("x").asInt(0) + x) + ":" + (at.path("y").asInt(0) + y);
                    assertThat(taken.add(cell)).as(title + " at " + cell).isTrue();
                }
            }
        }
    }
}
