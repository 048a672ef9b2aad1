package io.llmfleet.producer.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferHeaderTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=30                  | 30",
                "wait=60                  | 60",
                "wait=61                  | 60",
                "wait=999999999           | 60",
                "respond-async, wait=10   | 10",
                "Wait = 5                 | 5",
                "wait=\"7\"               | 7",
                "wait=7; why=because      | 7",
            })
    void readsTheWait(String header, int seconds) {
        assertThat(PreferHeader.waitOf(header)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "respond-async",
                "wait",
                "wait=",
                "wait=soon",
                "wait=-1",
                "wait=0",
                "await=5"
            })
    void ignoresWhatItDoesNotUnderstand(String header) {
        assertThat(PreferHeader.waitOf(header)).isEmpty();
    }

    @Test
    void noHeaderIsNoWait() {
        assertThat(PreferHeader.waitOf(null)).isEmpty();
    }
}
