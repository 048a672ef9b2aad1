package io.llmfleet.producer.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.FailureCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailurePolicyTests {

    @ParameterizedTest
    @CsvSource({
        "INVALID_INPUT,        400, invalid_request_error, invalid_input",
        "UNSUPPORTED,          400, invalid_request_error, unsupported",
        "UNKNOWN_TARGET,       404, invalid_request_error, model_not_found",
        "RATE_LIMITED,         429, rate_limit_error,      rate_limit_exceeded",
        "NO_WORKER,            503, server_error,          no_worker",
        "BACKEND_UNAVAILABLE,  503, server_error,          backend_unavailable",
        "BACKEND_UNAUTHORIZED, 502, server_error,          backend_unauthorized",
        "DEADLINE_EXCEEDED,    504, server_error,          timeout",
        "POISON,               500, server_error,          internal_error",
    })
    void saysItInTheWordsOfOpenAi(FailureCode failure, int status, String type, String code) {
        FailurePolicy.Answer answer = FailurePolicy.of(failure);

        assertThat(answer.status().value()).isEqualTo(status);
        assertThat(answer.type()).isEqualTo(type);
        assertThat(answer.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource(FailureCode.class)
    void everyFailureIsAnError(FailureCode failure) {
        assertThat(FailurePolicy.of(failure).status().isError()).isTrue();
    }
}
