package io.llmfleet.producer.api.rest;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.MediaType;

/** How requests are refused, said once for the API's description. */
final class Refusals {

    private static final String PROBLEM = MediaType.APPLICATION_PROBLEM_JSON_VALUE;

    private Refusals() {}

    /** What every request may get. */
    @Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    @ApiResponse(
            responseCode = "401",
            description = "No key, or one that is unknown or revoked.",
            headers =
                    @Header(
                            name = "WWW-Authenticate",
                            description = "Bearer",
                            schema = @Schema(type = "string")),
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @ApiResponse(
            responseCode = "429",
            description =
                    "Too much waits already, or a limit of the key refuses it, which errors then names; try"
                            + " again after Retry-After seconds.",
            headers = @Header(name = "Retry-After", schema = @Schema(type = "integer")),
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @ApiResponse(
            responseCode = "503",
            description =
                    "The store is away, or what has to answer; try again after Retry-After seconds.",
            headers = @Header(name = "Retry-After", schema = @Schema(type = "integer")),
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @interface OfAll {}

    /** What a request with parameters may get. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @OfAll
    @ApiResponse(
            responseCode = "400",
            description = "A parameter is unknown or wrong; errors names it and what is accepted.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @interface OfLists {}

    /** What a look at one thing may get. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @OfAll
    @ApiResponse(
            responseCode = "404",
            description = "There is none of this name or id, or it is another tenant's.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @interface OfOne {}

    /** What a request with a body may get. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @OfAll
    @ApiResponse(
            responseCode = "400",
            description = "Something is wrong; errors names each field and what is accepted.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class),
                            examples = @ExampleObject(Examples.INVALID)))
    @ApiResponse(
            responseCode = "413",
            description = "More than 4 MiB, or than the key may send.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @ApiResponse(
            responseCode = "415",
            description = "Another content type.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @interface OfBodies {}

    /** What a submission of tasks that may be turns of a conversation gets beside that. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @ApiResponse(
            responseCode = "409",
            description = "The conversation is busy or halted, and the turn was not to wait.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @interface OfTurns {}

    /** What a request that may have an Idempotency-Key takes and may get. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "Idempotency-Key",
            description =
                    "However often the request comes with this key within a day, it is done once; 1 to"
                            + " 255 visible ASCII characters.",
            schema = @Schema(type = "string", maxLength = 255))
    @ApiResponse(
            responseCode = "400",
            description = "Something is wrong; errors names each field and what is accepted.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @ApiResponse(
            responseCode = "422",
            description = "The Idempotency-Key came with another request before.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @interface OfOnce {}

    /** What only admins may ask. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @OfAll
    @ApiResponse(
            responseCode = "403",
            description = "The key is no admin's.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @interface OfAdmins {}

    /** What a decision about one thing may get. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @OfAll
    @ApiResponse(
            responseCode = "404",
            description = "There is none of this name or id, or it is another tenant's.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @ApiResponse(
            responseCode = "409",
            description =
                    "Its state does not allow it, as errors says: it was decided about before, is over,"
                            + " is not halted, does not wait, or has nothing left to run.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            schema = @Schema(implementation = ProblemJson.class)))
    @interface OfDecisions {}
}
