package io.llmfleet.producer.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** An error as OpenAI writes it; all four keys are always there. */
public record ErrorJson(Detail error) {

    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Detail(
            String message, String type, @Nullable String param, @Nullable String code) {}

    static ErrorJson of(
            String message, String type, @Nullable String param, @Nullable String code) {
        return new ErrorJson(new Detail(message, type, param, code));
    }
}
