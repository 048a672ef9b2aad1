package io.llmfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetApiTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"title":"Not Found"}                                                              | Not Found
                    {"title":"Bad Request","detail":"no such task"}                                    | no such task
                    {"detail":"state is unknown","errors":[{"field":"state","message":"is unknown"}]}  | state is unknown
                    {"detail":"a is b (and 1 more)","errors":[{"field":"a","message":"is b"},{"field":"c","message":"is d"}]} | a is b; c is d
                    {"detail":"invalid","errors":[{"field":"a","message":"is b"}]}                     | invalid: a is b
                    <html>Bad Gateway</html>                                                           | <html>Bad Gateway</html>
                    ``                                                                                 | no reason given
                    """)
    void saysEachReasonOfARefusalOnce(String body, String reason) {
        assertThat(FleetApi.reason(body)).isEqualTo(reason);
    }
}
