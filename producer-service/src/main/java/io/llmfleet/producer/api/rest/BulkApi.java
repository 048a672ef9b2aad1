package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.batch.BatchView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** What can be asked about many tasks at once. */
@Tag(name = "Batches", description = "Many tasks in one request.")
@RequestMapping("/api/v1")
interface BulkApi {

    String NDJSON = MediaType.APPLICATION_NDJSON_VALUE;

    @Operation(
            summary = "Submit many tasks",
            description =
                    """
                    One task a line (NDJSON), up to 50,000 lines of up to 4 MiB each. Lines are accepted as they come, \
                    each for itself: a bad one among good ones is answered with an error, and the rest goes on. The \
                    answer is NDJSON too: the batch's id first, then a line for each line of the request, in its order, \
                    with the task's id or the problem; what is beyond 50,000 lines has one line for all. Blank lines are skipped. With an \
                    `Idempotency-Key` the same request may come again within a day, also after it broke off in the \
                    middle: there is one batch, and each line is accepted once.\
                    """,
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = NDJSON,
                                            schema = @Schema(implementation = TaskRequest.class),
                                            examples = @ExampleObject(Examples.BULK))))
    @ApiResponse(
            responseCode = "200",
            description = "Each line was accepted or refused, as the answer says line by line.",
            content =
                    @Content(
                            mediaType = NDJSON,
                            schema = @Schema(type = "string"),
                            examples = @ExampleObject(Examples.BULK_ANSWER)))
    @ApiResponse(
            responseCode = "415",
            description = "Another content type.",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = ProblemJson.class)))
    @Parameter(
            in = ParameterIn.HEADER,
            name = "Idempotency-Key",
            description = "1 to 255 visible ASCII characters.",
            schema = @Schema(type = "string", maxLength = 255))
    @Refusals.OfLists
    @PostMapping(path = "/tasks/bulk", consumes = NDJSON, produces = NDJSON)
    void submit(Caller caller, HttpServletRequest request, HttpServletResponse response)
            throws IOException;

    @Operation(
            summary = "Look a batch up",
            description = "How many of its tasks are in each state, and whether all are final.")
    @ApiResponse(responseCode = "200", description = "The batch.", useReturnTypeSchema = true)
    @Refusals.OfOne
    @GetMapping(path = "/batches/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    BatchView get(Caller caller, @Parameter(description = "The batch's id.") String id);
}
