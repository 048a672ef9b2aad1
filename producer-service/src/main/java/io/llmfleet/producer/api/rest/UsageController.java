package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.access.Role;
import io.llmfleet.producer.usage.Ledger;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows the ledger. */
@Tag(name = "Usage", description = "Tokens and cost.")
@RestController
class UsageController {

    private static final List<String> GROUPS = List.of("day", "model");

    private final Ledger ledger;

    UsageController(Ledger ledger) {
        this.ledger = ledger;
    }

    @Operation(
            summary = "Show what was used",
            description =
                    """
                    Tokens as the backends counted them, of every attempt that one answered, and cost by the configured \
                    prices; counted with the final state, on its day (UTC).\
                    """)
    @Parameter(
            in = ParameterIn.QUERY,
            name = "from",
            description = "The first day; by default the first of this month.",
            schema = @Schema(type = "string", format = "date"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "to",
            description = "The last day; by default today.",
            schema = @Schema(type = "string", format = "date"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "group",
            description = "day, model, or both with a comma; by default both. Empty adds all up.",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "tenant",
            description = "For administrators; by default the key's own.",
            schema = @Schema(type = "string"))
    @ApiResponse(responseCode = "200", description = "The usage.", useReturnTypeSchema = true)
    @Refusals.OfLists
    @GetMapping(path = "/api/v1/usage", produces = MediaType.APPLICATION_JSON_VALUE)
    UsagePage usage(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        QueryParameters query =
                new QueryParameters(
                        request.getParameterMap(), List.of("from", "to", "group", "tenant"));
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        LocalDate from = day(query, "from", today.withDayOfMonth(1));
        LocalDate to = day(query, "to", today);
        List<String> groups = groups(query);
        String tenant = tenant(query, caller);
        if (from.isAfter(to)) {
            query.error("from", "is after to; accepted: the same day or one before");
        }
        query.requireValid();
        return new UsagePage(
                tenant,
                from,
                to,
                ledger.usage(tenant, from, to, groups.contains("day"), groups.contains("model")));
    }

    private static LocalDate day(QueryParameters query, String name, LocalDate fallback) {
        String text = query.text(name);
        if (text == null) {
            return fallback;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            query.error(name, "is no day; accepted: such as 2026-03-01");
            return fallback;
        }
    }

    private static List<String> groups(QueryParameters query) {
        String text = query.text("group");
        if (text == null) {
            return GROUPS;
        }
        List<String> groups = Arrays.stream(text.split(",")).filter(g -> !g.isBlank()).toList();
        if (!GROUPS.containsAll(groups)) {
            query.error("group", "is unknown; accepted: day, model, or day,model");
        }
        return groups;
    }

    private static String tenant(QueryParameters query, Caller caller) {
        @Nullable String asked = query.text("tenant");
        if (asked == null || asked.equals(caller.tenant())) {
            return caller.tenant();
        }
        if (caller.role() != Role.ADMIN) {
            query.error("tenant", "is another tenant; accepted: the key's own, " + caller.tenant());
        }
        return asked;
    }
}
