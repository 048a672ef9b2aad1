package io.llmfleet.producer.api.rest;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which page of a list is meant, said once for the API's description. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        in = ParameterIn.QUERY,
        name = "after",
        description = "The value of next of the page before.",
        schema = @Schema(type = "string", format = "uuid"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "limit",
        description = "1 to 500",
        schema = @Schema(type = "integer", defaultValue = "50"))
@interface PageParameters {}
