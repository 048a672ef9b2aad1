package io.llmfleet.producer.api.rest;

import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
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

    /** They say on their own what has to be there. */
    private static final Set<Class<?>> REQUESTS =
            Set.of(
                    TaskRequest.class,
                    PipelineController.RunRequest.class,
                    KeyRequest.class,
                    KeyChange.class,
                    LetterJobRequest.class,
                    LetterPolicyRequest.class,
                    DiscardRequest.class);

    static {
        // Whatever JSON there is, and not the properties of the class.
        SpringDocUtils.getConfig().replaceWithClass(JsonNode.class, Object.class);
    }

    /** Names that stay, whatever other operations there are: clients make their methods of them. */
    @Bean
    GlobalOperationCustomizer operationIds() {
        return (operation, handler) -> {
            String group = handler.getBeanType().getSimpleName().replace("Controller", "");
            return operation.operationId(
                    group.substring(0, 1).toLowerCase(Locale.ROOT)
                            + group.substring(1)
                            + "_"
                            + handler.getMethod().getName());
        };
    }

    /** Of an answer, what cannot be null is always there. */
    @Bean
    ModelConverter requiredProperties() {
        return (type, context, chain) -> {
            Schema<?> schema = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
            Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
            if (schema != null && raw.isRecord()) {
                String name = schema.get$ref() == null ? "" : name(schema.get$ref());
                require(raw, context.getDefinedModels().getOrDefault(name, schema));
            }
            return schema;
        };
    }

    private static String name(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    private static void require(Class<?> type, Schema<?> model) {
        Map<String, ?> properties = model.getProperties();
        if (properties == null || model.getRequired() != null || REQUESTS.contains(type)) {
            return;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                    && properties.containsKey(component.getName())) {
                model.addRequiredItem(component.getName());
            }
        }
    }
}
