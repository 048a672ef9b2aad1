package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.limit.Account;
import io.llmfleet.producer.limit.LimitUse;
import io.llmfleet.producer.limit.Limits;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows a key its own limits. */
@Tag(name = "Usage", description = "Tokens and cost.")
@RestController
class LimitController {

    private final Limits limits;

    LimitController(Limits limits) {
        this.limits = limits;
    }

    @Operation(
            summary = "Show the limits of this key",
            description =
                    """
                    By their names, and what is used of each now; what is not limited is left out. This request is not \
                    counted.\
                    """)
    @ApiResponse(responseCode = "200", description = "The limits.", useReturnTypeSchema = true)
    @Refusals.OfAll
    @GetMapping(path = "/api/v1/limits", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, LimitUseJson> limits(@AuthenticationPrincipal Caller caller) {
        Map<String, LimitUseJson> uses = new LinkedHashMap<>();
        for (LimitUse use : limits.uses(Account.of(caller))) {
            uses.put(use.limit().wire(), LimitUseJson.of(use));
        }
        return uses;
    }
}
