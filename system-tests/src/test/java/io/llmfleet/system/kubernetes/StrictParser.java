package io.llmfleet.system.kubernetes;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.llmfleet.type.Schemas;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Names every field that the API does not have. Kubernetes' own kinds are parsed into its types,
 * those of operators are held against a schema.
 */
final class StrictParser {

    private static final KubernetesSerialization API = new KubernetesSerialization();
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String MODELS = "io.fabric8.kubernetes.api.model";

    private StrictParser() {}

    static List<String> problems(JsonNode resource) {
        Object parsed = parse(resource, Object.class);
        List<String> problems = new ArrayList<>();
        if (parsed instanceof GenericKubernetesResource) {
            problems.addAll(Schemas.check(schema(resource), resource));
            problems.addAll(inside(resource, "/metadata", ObjectMeta.class));
            problems.addAll(inside(resource, "/spec/affinity", Affinity.class));
            problems.addAll(inside(resource, "/spec/resources", ResourceRequirements.class));
            problems.addAll(inside(resource, "/spec/selector", LabelSelector.class));
        } else {
            walk("", parsed, problems);
        }
        return problems;
    }

    private static Object parse(JsonNode node, Class<?> type) {
        String json = node.toString();
        return type == Object.class ? API.unmarshal(json) : API.unmarshal(json, type);
    }

    private static List<String> inside(JsonNode resource, String pointer, Class<?> type) {
        List<String> problems = new ArrayList<>();
        JsonNode part = resource.at(pointer);
        if (!part.isMissingNode()) {
            walk(pointer, parse(part, type), problems);
        }
        return problems;
    }

    private static JsonNode schema(JsonNode resource) {
        String name = "/kubernetes/" + resource.path("kind").asString() + ".yaml";
        try (InputStream in = StrictParser.class.getResourceAsStream(name)) {
            return YAML.readTree(Objects.requireNonNull(in, "there is no schema " + name));
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void walk(String path, @Nullable Object value, List<String> problems) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((k, v) -> walk(path + "/" + k, v, problems));
            case Collection<?> all -> {
                int index = 0;
                for (Object each : all) {
                    walk(path + "/" + index++, each, problems);
                }
            }
            case Object bean when bean.getClass().getName().startsWith(MODELS) ->
                    fields(path, bean, problems);
            case null, default -> {}
        }
    }

    private static void fields(String path, Object bean, List<String> problems) {
        for (Method method : bean.getClass().getMethods()) {
            String name = method.getName();
            if (!name.startsWith("get")
                    || method.getParameterCount() > 0
                    || method.getDeclaringClass() == Object.class) {
                continue;
            }
            Object value = call(bean, method);
            if (name.equals("getAdditionalProperties")) {
                ((Map<?, ?>) Objects.requireNonNull(value))
                        .keySet()
                        .forEach(k -> problems.add(path + "/" + k + ": is not in the API"));
            } else {
                walk(
                        path + "/" + Character.toLowerCase(name.charAt(3)) + name.substring(4),
                        value,
                        problems);
            }
        }
    }

    private static @Nullable Object call(Object bean, Method method) {
        try {
            return method.invoke(bean);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(method.toString(), e);
        }
    }
}
