package io.llmfleet.worker.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FailureClassifierTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "400, BACKEND_REFUSED",
        "401, BACKEND_UNAUTHORIZED",
        "403, BACKEND_UNAUTHORIZED",
        "404, BACKEND_REFUSED",
        "408, CALL_TIMEOUT",
        "422, BACKEND_REFUSED",
        "429, RATE_LIMITED",
        "500, BACKEND_ERROR",
        "501, UNSUPPORTED",
        "502, BACKEND_UNAVAILABLE",
        "503, BACKEND_UNAVAILABLE",
        "504, CALL_TIMEOUT",
        "529, BACKEND_ERROR",
    })
    void statusDecidesTheCode(int status, FailureCode code) {
        Failure failure = FailureClassifier.ofStatus("b", status, null, NOW);

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.retryable()).isEqualTo(code.retryable());
        assertThat(failure.message()).contains("'b'").contains(Integer.toString(status));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"45 | 45", "Thu, 01 Jan 2026 00:01:30 GMT | 90"})
    void retryAfterIsReadAsSecondsOrAsDate(String header, long seconds) {
        assertThat(FailureClassifier.ofStatus("b", 429, header, NOW).retryAfter())
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"soon", "-3", "99999999999999"})
    void unreadableRetryAfterIsIgnored(String header) {
        assertThat(FailureClassifier.ofStatus("b", 429, header, NOW).retryAfter()).isNull();
    }

    static Stream<Arguments> exceptions() {
        return Stream.of(
                Arguments.of(new HttpTimeoutException("x"), FailureCode.CALL_TIMEOUT),
                Arguments.of(new ConnectException("x"), FailureCode.BACKEND_UNAVAILABLE),
                Arguments.of(
                        new IOException(new EOFException("EOF")), FailureCode.BACKEND_UNAVAILABLE),
                Arguments.of(
                        new RuntimeException(new ConnectException("x")),
                        FailureCode.BACKEND_UNAVAILABLE),
                Arguments.of(new IllegalStateException("x"), FailureCode.INTERNAL));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void deepestKnownCauseDecidesTheCode(Exception thrown, FailureCode code) {
        assertThat(FailureClassifier.ofException("b", thrown).code()).isEqualTo(code);
    }

    @Test
    void messagesOfExceptionsAreNotPassedOn() {
        Failure failure = FailureClassifier.ofException("b", new IllegalStateException("a prompt"));

        assertThat(failure.message()).doesNotContain("a prompt");
        assertThat(failure.exceptionType()).isEqualTo("java.lang.IllegalStateException");
    }
}
