package io.llmfleet.producer.api.rest;

import io.llmfleet.model.Ids;
import io.llmfleet.model.Names;
import io.llmfleet.model.Priority;
import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.access.Role;
import io.llmfleet.producer.dispatch.BudgetWatch;
import io.llmfleet.producer.event.RouteQuestions;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.RouteQuestion;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows where a task would go, and why. */
@Tag(name = "Fleet", description = "What can be asked for, and who is there to do it.")
@RestController
class RouteController {

    private static final int DEFAULT_SIZE = 1_024;
    private static final int MOST_PERCENT = 1_000;

    private final TaskTypes types;
    private final RouteQuestions routers;
    private final BudgetWatch budgets;

    RouteController(TaskTypes types, RouteQuestions routers, BudgetWatch budgets) {
        this.types = types;
        this.routers = routers;
        this.budgets = budgets;
    }

    @Operation(
            summary = "Explain where a task would go",
            description =
                    """
                    Asks a router, which answers by its rules and by what it has learned, without a task: the candidates,                     what is known of each, and the chance with which the next such task goes there.                    """)
    @Parameter(
            in = ParameterIn.QUERY,
            name = "type",
            required = true,
            description = "Of the task.",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "target",
            description = "A pool, a model, or any, which is the default.",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "tenant",
            description = "For administrators; by default the key's own.",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "priority",
            description = "high, normal or low; by default normal.",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "size",
            description = "Of the task's body in bytes; by default 1024.",
            schema = @Schema(type = "integer"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "budget",
            description = "Percent of the day's budget that is used; by default the key's own.",
            schema = @Schema(type = "integer"))
    @ApiResponse(responseCode = "200", description = "The route.", useReturnTypeSchema = true)
    @Refusals.OfLists
    @GetMapping(path = "/api/v1/routes/explain", produces = MediaType.APPLICATION_JSON_VALUE)
    RouteJson explain(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        QueryParameters query =
                new QueryParameters(
                        request.getParameterMap(),
                        List.of("type", "target", "tenant", "priority", "size", "budget"));
        RouteQuestion question =
                new RouteQuestion(
                        Ids.newId(),
                        type(query),
                        target(query),
                        tenant(query, caller),
                        priority(query),
                        number(query, "size", DEFAULT_SIZE, Integer.MAX_VALUE),
                        budget(query, caller));
        query.requireValid();
        return routers.ask(question).map(RouteJson::of).orElseThrow(NoRouterException::new);
    }

    private String type(QueryParameters query) {
        String type = query.text("type");
        if (type == null || types.find(type).isEmpty()) {
            query.error("type", "is missing or unknown; accepted: " + types.names());
        }
        return String.valueOf(type);
    }

    private static String target(QueryParameters query) {
        String target = query.text("target");
        if (target == null) {
            return Names.ANY;
        }
        if (!Names.TARGET.matcher(target).matches()) {
            query.error("target", "is no name; accepted: a pool, a model or any");
        }
        return target;
    }

    private static String tenant(QueryParameters query, Caller caller) {
        String asked = query.text("tenant");
        if (asked == null) {
            return caller.tenant();
        }
        if (!asked.equals(caller.tenant()) && caller.role() != Role.ADMIN) {
            query.error("tenant", "is another tenant; accepted: the key's own, " + caller.tenant());
        }
        return asked;
    }

    private static Priority priority(QueryParameters query) {
        String word = query.text("priority");
        try {
            return word == null ? Priority.NORMAL : Priority.of(word);
        } catch (IllegalArgumentException e) {
            query.error("priority", "is unknown; accepted: high, normal, low");
            return Priority.NORMAL;
        }
    }

    private @Nullable Integer budget(QueryParameters query, Caller caller) {
        if (query.text("budget") != null) {
            return number(query, "budget", 0, MOST_PERCENT);
        }
        String tenant = query.text("tenant");
        if (tenant != null && !tenant.equals(caller.tenant())) {
            return null;
        }
        OptionalInt used = budgets.percentUsed(caller.tenant(), caller.key());
        return used.isPresent() ? used.getAsInt() : null;
    }

    private static int number(QueryParameters query, String name, int fallback, int most) {
        String text = query.text(name);
        if (text == null) {
            return fallback;
        }
        long value = text.matches("\\d{1,10}") ? Long.parseLong(text) : -1;
        if (value < 0 || value > most) {
            query.error(name, "is out of range; accepted: 0 to " + most);
            return fallback;
        }
        return (int) value;
    }
}
