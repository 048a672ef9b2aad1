package io.llmfleet.producer.api.rest;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** Says what the API as a whole is. */
@Configuration(proxyBeanMethods = false)
@OpenAPIDefinition(
        info =
                @Info(
                        title = "LLM Fleet",
                        version = "v1",
                        description =
                                """
                                Hand over a piece of LLM work and get the answer back, however long it takes and \
                                whatever breaks on the way. Every request carries an API key as a bearer token; a task \
                                belongs to the tenant of its key. What is refused says so as a problem detail (RFC \
                                9457) whose `errors` name each field and what is accepted.\
                                """,
                        license =
                                @License(
                                        name = "Apache 2.0",
                                        url = "https://www.apache.org/licenses/LICENSE-2.0")),
        security = @SecurityRequirement(name = "key"))
@SecurityScheme(
        name = "key",
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        description = "An API key. './fleet up' prints one; an admin's key makes more.")
class OpenApiConfiguration {

    static {
        // Whatever JSON there is, and not the properties of the class.
        SpringDocUtils.getConfig().replaceWithClass(JsonNode.class, Object.class);
    }
}
