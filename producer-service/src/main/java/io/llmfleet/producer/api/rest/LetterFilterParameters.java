package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.deadletter.DeadLetter;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which letters are meant, said once for the API's description. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        in = ParameterIn.QUERY,
        name = "state",
        schema = @Schema(implementation = DeadLetter.State.class))
@Parameter(
        in = ParameterIn.QUERY,
        name = "code",
        description = "Failure code.",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "reason",
        description = "As a group has it.",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "type",
        description = "Of the task.",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "backend",
        description = "The model that tried last.",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "source",
        description = "The pool or queue that it failed in.",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "target",
        description = "That the task named.",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "shape",
        description = "Structure of the input, as a group has it.",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "tenant",
        description = "Whose it is.",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "task",
        description = "The task that failed, or that an edited copy became.",
        schema = @Schema(type = "string", format = "uuid"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "job",
        description = "The replay or discard of many that has taken it.",
        schema = @Schema(type = "string", format = "uuid"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "since",
        description = "When it failed, at the earliest.",
        schema = @Schema(type = "string", format = "date-time"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "until",
        description = "When it failed, before it.",
        schema = @Schema(type = "string", format = "date-time"))
@interface LetterFilterParameters {}
