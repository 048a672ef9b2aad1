package io.llmfleet.producer.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmfleet.producer.limit.LimitUse;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A limit and what is used of it. */
@Schema(name = "LimitUse")
@JsonInclude(JsonInclude.Include.NON_NULL)
record LimitUseJson(
        BigDecimal limit,
        @Schema(description = "Left out of limits that are for each request alone.")
                @Nullable BigDecimal used,
        @Schema(
                        type = "string",
                        format = "duration",
                        description = "When nothing will be used any more.",
                        example = "PT42S")
                @Nullable Duration resetsIn) {

    static LimitUseJson of(LimitUse use) {
        Duration resets = use.resetsIn();
        return new LimitUseJson(
                use.most(),
                use.used(),
                resets == null ? null : resets.truncatedTo(ChronoUnit.MILLIS));
    }
}
