package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.capacity.Capacities;
import io.llmfleet.producer.capacity.Forecast;
import io.llmfleet.producer.capacity.PoolLoad;
import io.llmfleet.producer.capacity.Question;
import io.llmfleet.producer.capacity.UnknownCapacityException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows how busy the pools are, measured and by the model. */
@Tag(name = "Fleet")
@RestController
class CapacityController {

    private static final List<String> ACCEPTED =
            List.of("window", "pool", "rate", "slots", "workers", "serviceTime", "cv", "wait");
    private static final int WINDOW = 300;
    private static final String ABOUT_RATES = "0 to 1000000";

    private final Capacities capacities;

    CapacityController(Capacities capacities) {
        this.capacities = capacities;
    }

    @Operation(
            summary = "Show how busy the pools are",
            description =
                    """
                    Arrival, delivery and processing rates, queue lengths, service times and waits of the last minutes, Little's \
                    law, and the waits that the model predicts. Any of rate, slots, workers, serviceTime, cv and wait asks what \
                    would be if; what is left out is as it was measured.\
                    """)
    @Parameter(
            in = ParameterIn.QUERY,
            name = "window",
            description = "Over how many seconds to measure, 10 to 3600; by default 300.",
            schema = @Schema(type = "integer"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "pool",
            description =
                    "This one alone; by default all. A question is about one, by default default.",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "rate",
            description = "Tasks a second.",
            schema = @Schema(type = "number"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "slots",
            description = "Calls at once.",
            schema = @Schema(type = "integer"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "workers",
            description = "Instead of slots, with as many slots each as there are now.",
            schema = @Schema(type = "integer"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "serviceTime",
            description = "Mean seconds that a task holds a slot.",
            schema = @Schema(type = "number"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "cv",
            description =
                    "Coefficient of variation of the service time: 0 constant, 1 exponential.",
            schema = @Schema(type = "number"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "wait",
            description =
                    "The longest mean wait in seconds for which slots and workers are wanted.",
            schema = @Schema(type = "number"))
    @ApiResponse(responseCode = "200", description = "By pool.", useReturnTypeSchema = true)
    @Refusals.OfLists
    @GetMapping(path = "/api/v1/capacity", produces = MediaType.APPLICATION_JSON_VALUE)
    CapacityPage capacity(HttpServletRequest request) {
        QueryParameters query = new QueryParameters(request.getParameterMap(), ACCEPTED);
        Integer asked = query.whole("window", 10, 3600);
        String pool = query.text("pool");
        Question question = question(query, pool == null ? "default" : pool);
        query.requireValid();
        Duration window = Duration.ofSeconds(asked == null ? WINDOW : asked);
        List<PoolLoad> loads =
                capacities.now(window).stream()
                        .filter(l -> pool == null || l.pool().equals(pool))
                        .toList();
        return new CapacityPage(window.toSeconds(), loads, forecast(query, question, window));
    }

    private static Question question(QueryParameters query, String pool) {
        return new Question(
                pool,
                query.number("rate", 0, 1e6, ABOUT_RATES),
                query.whole("slots", 1, 100_000),
                query.whole("workers", 1, 10_000),
                query.number("serviceTime", 1e-6, 1e6, "0.000001 to 1000000"),
                query.number("cv", 0, 100, "0 to 100"),
                query.number("wait", 0, 1e6, "0 to 1000000"));
    }

    private @Nullable Forecast forecast(QueryParameters query, Question question, Duration window) {
        boolean asked =
                Stream.of(
                                question.rate(),
                                question.slots(),
                                question.workers(),
                                question.serviceTime(),
                                question.variation(),
                                question.longestWait())
                        .anyMatch(Objects::nonNull);
        if (!asked) {
            return null;
        }
        try {
            return capacities.whatIf(question, window);
        } catch (UnknownCapacityException e) {
            query.error(e.parameter(), "is needed, as " + e.getMessage());
            query.requireValid();
            throw e;
        }
    }
}
