package io.llmfleet.router.rules;

import io.llmfleet.router.routing.RulesProperties;
import java.io.IOException;
import java.util.List;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.Origin;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Reads a file of rules as strictly as properties are read at the start: no key is passed over. */
final class RulesFile {

    private RulesFile() {}

    /**
     * @param name of the file, for messages
     * @throws IllegalArgumentException naming the place and what is wrong
     */
    static RulesProperties read(String name, byte[] yaml) {
        try {
            return bind(load(name, yaml));
        } catch (BindException e) {
            throw new IllegalArgumentException(name + ": " + describe(e), e);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    name + " cannot be read: " + firstLine(String.valueOf(e.getMessage())), e);
        }
    }

    private static List<PropertySource<?>> load(String name, byte[] yaml) throws IOException {
        return new YamlPropertySourceLoader().load(name, new ByteArrayResource(yaml, name));
    }

    private static RulesProperties bind(List<PropertySource<?>> documents) {
        MutablePropertySources sources = new MutablePropertySources();
        documents.forEach(sources::addLast);
        return new Binder(ConfigurationPropertySources.from(sources))
                .bindOrCreate(
                        ConfigurationPropertyName.EMPTY,
                        Bindable.of(RulesProperties.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
    }

    private static String describe(BindException e) {
        if (e.getCause() instanceof UnboundConfigurationPropertiesException unknown) {
            ConfigurationProperty first = unknown.getUnboundProperties().iterator().next();
            return first.getName() + line(first) + " is no key that rules have";
        }
        ConfigurationProperty at = e.getProperty();
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
        return e.getName()
                + (at == null ? "" : line(at))
                + " is wrong: "
                + firstLine(String.valueOf(cause.getMessage()));
    }

    private static String line(ConfigurationProperty property) {
        Origin origin = property.getOrigin();
        return origin == null ? "" : " (" + origin + ")";
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }
}
