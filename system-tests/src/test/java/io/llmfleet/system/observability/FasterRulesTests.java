package io.llmfleet.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FasterRulesTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    rate(a_total[5m])                       | rate(a_total[15s])
                    a offset 10m                            | a offset 25s
                    min_over_time(abs(a:b:diff10m)[5m:]) > 2 | min_over_time(abs(a:b:diff10m)[15s:]) > 2
                    a:b_seconds:p95_5m > 2m                 | a:b_seconds:p95_5m > 6s
                    increase(a:b:rate1m[1m])                | increase(a:b:rate1m[6s])
                    max_over_time(a[1h]) > 30               | max_over_time(a[25s]) > 30
                    a{path="5m", to=~"x \\" 10m"} > 30s     | a{path="5m", to=~"x \\" 10m"} > 6s
                    """)
    void shortensDurationsAndNothingElse(String shipped, String faster) {
        assertThat(FasterRules.expression(shipped)).isEqualTo(faster);
    }

    @Test
    void keepsEveryRuleOfAFile() {
        for (var file : ShippedFiles.ruleFiles()) {
            var shipped = ShippedFiles.yaml(file);

            assertThat(Rule.all(FasterRules.of(shipped)))
                    .extracting(Rule::name)
                    .isEqualTo(Rule.all(shipped).stream().map(Rule::name).toList());
        }
    }
}
