package io.llmfleet.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageOptionsTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    list                                 | list --after b
                    list;--after;a;--state;FAILED        | list --state FAILED --after b
                    list;--after=a                       | list --after b
                    dead;list;--where;code=CALL_TIMEOUT  | dead list --where code=CALL_TIMEOUT --after b
                    dead;list;--where;target=it's / ours | dead list --where 'target=it'\\''s / ours' --after b
                    """)
    void nextPageIsOfTheSameListFromAnotherIdOn(String typed, String next) {
        assertThat(PageOptions.again(List.of(typed.split(";")), "b")).isEqualTo(next);
    }
}
