package io.llmfleet.producer.api.rest;

import io.llmfleet.model.Names;
import io.llmfleet.producer.access.Caller;
import io.llmfleet.producer.api.Bodies;
import io.llmfleet.producer.pipeline.NewRun;
import io.llmfleet.producer.pipeline.Pipelines;
import io.llmfleet.producer.pipeline.Runs;
import io.llmfleet.producer.pipeline.StoredPipeline;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.tracing.Spans;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Stores definitions and starts runs of them. */
@RestController
@Tag(name = "Pipelines", description = "Several tasks that work together.")
@RequestMapping(path = "/api/v1/pipelines", produces = MediaType.APPLICATION_JSON_VALUE)
class PipelineController {

    private static final String PROBLEM = MediaType.APPLICATION_PROBLEM_JSON_VALUE;

    private final Pipelines pipelines;
    private final Runs runs;
    private final OnceCalls once;

    PipelineController(Pipelines pipelines, Runs runs, OnceCalls once) {
        this.pipelines = pipelines;
        this.runs = runs;
        this.once = once;
    }

    @Operation(
            summary = "Store a definition",
            description =
                    """
                    YAML or JSON, see docs/pipelines.md. It is checked as a whole and becomes the next version; if \
                    the latest one has the same content already, it stays the latest.\
                    """,
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_YAML_VALUE,
                                        schema = @Schema(type = "string")),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(types = "object"))
                            }))
    @ApiResponse(responseCode = "201", description = "A new version.", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "200",
            description = "The latest version has this content.",
            useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "422",
            description = "Something is wrong with it; errors names each place.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @Refusals.OfLists
    @ApiResponse(
            responseCode = "413",
            description = "More than 4 MiB, or than the key may send.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @PutMapping(path = "/{name}", consumes = MediaType.ALL_VALUE)
    ResponseEntity<PipelineJson> put(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String name,
            HttpServletRequest request)
            throws IOException {
        if (!Names.WORD.matcher(name).matches()) {
            throw BadRequestException.of("name", "must match " + Names.WORD.pattern());
        }
        return switch (pipelines.put(caller.tenant(), name, Bodies.read(request))) {
            case Pipelines.Refused refused -> throw unprocessable(errors(refused));
            case Pipelines.Stored stored ->
                    ResponseEntity.status(stored.created() ? HttpStatus.CREATED : HttpStatus.OK)
                            .body(PipelineJson.of(stored.pipeline()));
        };
    }

    private static List<FieldError> errors(Pipelines.Refused refused) {
        return refused.why().errors().stream()
                .map(e -> new FieldError(e.place(), e.message()))
                .toList();
    }

    private static BadRequestException unprocessable(List<FieldError> errors) {
        return new BadRequestException(
                HttpStatus.UNPROCESSABLE_CONTENT, Problems.summary(errors), errors);
    }

    @Operation(summary = "List pipelines", description = "The latest version of each, by name.")
    @ApiResponse(responseCode = "200", description = "All of them.", useReturnTypeSchema = true)
    @Refusals.OfAll
    @GetMapping
    List<PipelineJson> list(@AuthenticationPrincipal Caller caller) {
        return pipelines.list(caller.tenant()).stream().map(PipelineJson::summary).toList();
    }

    @Operation(summary = "Look a definition up", description = "The latest, or one version.")
    @Parameter(
            in = ParameterIn.QUERY,
            name = "version",
            description = "From 1.",
            schema = @Schema(type = "integer"))
    @ApiResponse(responseCode = "200", description = "The version.", useReturnTypeSchema = true)
    @Refusals.OfOne
    @Refusals.OfLists
    @GetMapping("/{name}")
    PipelineJson get(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String name,
            HttpServletRequest request) {
        return PipelineJson.of(find(caller, name, version(request)));
    }

    private static @Nullable Integer version(HttpServletRequest request) {
        QueryParameters query = new QueryParameters(request.getParameterMap(), List.of("version"));
        String text = query.text("version");
        if (text != null && !text.matches("[1-9]\\d{0,8}")) {
            query.error("version", "is no version; accepted: a whole number from 1");
        }
        query.requireValid();
        return text == null ? null : Integer.valueOf(text);
    }

    private StoredPipeline find(Caller caller, String name, @Nullable Integer version) {
        return pipelines
                .find(caller.tenant(), name, version)
                .orElseThrow(() -> BadRequestException.unknown("pipeline", name));
    }

    @Operation(
            summary = "Start a run",
            description =
                    """
                    Of the latest version, or of the one that is named, as it is now. The input must fit the \
                    pipeline's schema. With an Idempotency-Key there is one run, however often the request comes.\
                    """,
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = RunRequest.class))))
    @ApiResponse(
            responseCode = "201",
            description = "The run; it is stored, and on its way.",
            useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "404",
            description = "There is no such pipeline.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @Refusals.OfOnce
    @Refusals.OfBodies
    @PostMapping(path = "/{name}/runs", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<RunJson> start(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String name,
            HttpServletRequest request)
            throws IOException {
        byte[] body = Bodies.read(request);
        RunRequest asked = RunRequest.read(body);
        StoredPipeline pipeline = find(caller, name, asked.version());
        check(pipeline, asked.input());
        String trace = Spans.ofRequest(request.getHeader(Headers.TRACE_PARENT));
        NewRun run = new NewRun(caller.tenant(), caller.key(), pipeline, asked.input(), trace);
        String id = once.run(caller, body, () -> runs.start(run).toString());
        return ResponseEntity.created(URI.create("/api/v1/runs/" + id))
                .body(
                        RunJson.of(
                                runs.find(caller.tenant(), UUID.fromString(id))
                                        .orElseThrow(
                                                () -> BadRequestException.unknown("run", id))));
    }

    private void check(StoredPipeline pipeline, JsonNode input) {
        List<FieldError> errors =
                runs.checkInput(pipeline, input).stream().map(PipelineController::error).toList();
        if (!errors.isEmpty()) {
            throw BadRequestException.of(errors);
        }
    }

    /** Comes as {@code <JSON pointer>: <what is expected>}. */
    private static FieldError error(String broken) {
        int colon = broken.indexOf(": ");
        return new FieldError(
                "/input" + broken.substring(0, Math.max(colon, 0)), broken.substring(colon + 2));
    }

    /**
     * What a run is started with.
     *
     * @param version null for the latest
     */
    @Schema(name = "RunRequest")
    record RunRequest(
            @Schema(description = "Fits the pipeline's schema.", types = "object") JsonNode input,
            @Schema(description = "The latest if it is left out.", minimum = "1", example = "1")
                    @Nullable Integer version) {

        static RunRequest read(byte[] body) {
            RequestFields fields = new RequestFields(body, List.of("input", "version"));
            JsonNode version = fields.value("version");
            if (version != null && (!version.isInt() || version.intValue() < 1)) {
                fields.error("version", "must be a whole number from 1");
            }
            fields.requireValid();
            JsonNode input = fields.value("input");
            return new RunRequest(
                    input == null ? Json.MAPPER.createObjectNode() : input,
                    version == null ? null : version.intValue());
        }
    }
}
