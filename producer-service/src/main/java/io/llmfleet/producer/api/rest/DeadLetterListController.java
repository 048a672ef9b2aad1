package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.deadletter.DeadLetter;
import io.llmfleet.producer.deadletter.DeadLetters;
import io.llmfleet.producer.deadletter.GroupBy;
import io.llmfleet.producer.deadletter.LetterFilter;
import io.llmfleet.producer.deadletter.LetterGroup;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Shows which dead letters there are. */
@Tag(name = "Dead letters")
@RestController
@RequestMapping(path = "/api/v1/dead-letters", produces = MediaType.APPLICATION_JSON_VALUE)
class DeadLetterListController {

    private static final String NDJSON = "application/x-ndjson";
    private static final int EXPORT_PAGE = 500;

    private final DeadLetters letters;
    private final JsonMapper json;

    DeadLetterListController(DeadLetters letters, JsonMapper json) {
        this.letters = letters;
        this.json = json;
    }

    @Operation(summary = "List dead letters", description = "Newest first.")
    @LetterFilterParameters
    @PageParameters
    @ApiResponse(responseCode = "200", description = "One page.", useReturnTypeSchema = true)
    @Refusals.OfLists
    @GetMapping
    DeadLetterPage list(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        QueryParameters query =
                new QueryParameters(request.getParameterMap(), LetterQuery.and("after", "limit"));
        LetterFilter filter = LetterQuery.read(query);
        UUID after = query.after();
        int limit = query.limit();
        query.requireValid();
        return DeadLetterPage.of(
                letters.list(DeadLetterController.scope(caller), filter, after, limit), limit);
    }

    @Operation(
            summary = "Group dead letters",
            description = "How many have what in common, the largest groups first, 500 at most.")
    @LetterFilterParameters
    @Parameter(
            in = ParameterIn.QUERY,
            name = "by",
            schema =
                    @Schema(
                            type = "string",
                            defaultValue = "code",
                            allowableValues = {
                                "code", "reason", "type", "backend", "source", "target", "shape",
                                "tenant"
                            }))
    @ApiResponse(responseCode = "200", description = "The groups.", useReturnTypeSchema = true)
    @Refusals.OfLists
    @GetMapping("/groups")
    List<LetterGroup> groups(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        QueryParameters query =
                new QueryParameters(request.getParameterMap(), LetterQuery.and("by"));
        LetterFilter filter = LetterQuery.read(query);
        GroupBy by = LetterQuery.by(query);
        query.requireValid();
        return letters.groups(DeadLetterController.scope(caller), filter, by);
    }

    @Operation(
            summary = "Export dead letters",
            description = "Newest first, each as a line of JSON (NDJSON), however many there are.")
    @LetterFilterParameters
    @ApiResponse(
            responseCode = "200",
            description = "A line for each.",
            content =
                    @Content(
                            mediaType = NDJSON,
                            schema = @Schema(implementation = DeadLetter.class)))
    @Refusals.OfLists
    @GetMapping(path = "/export", produces = MediaType.ALL_VALUE)
    void export(
            @AuthenticationPrincipal Caller caller,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        QueryParameters query = new QueryParameters(request.getParameterMap(), LetterQuery.FILTER);
        LetterFilter filter = LetterQuery.read(query);
        query.requireValid();
        response.setContentType(NDJSON);
        response.setHeader("Content-Disposition", "attachment; filename=\"dead-letters.ndjson\"");
        OutputStream out = response.getOutputStream();
        UUID after = null;
        List<DeadLetter> page;
        do {
            page = letters.list(DeadLetterController.scope(caller), filter, after, EXPORT_PAGE);
            for (DeadLetter letter : page) {
                out.write(json.writeValueAsBytes(letter));
                out.write('\n');
                after = letter.id();
            }
        } while (page.size() == EXPORT_PAGE);
    }
}
