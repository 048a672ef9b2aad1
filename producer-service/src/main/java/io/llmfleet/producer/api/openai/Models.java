package io.llmfleet.producer.api.openai;

import io.llmfleet.model.Names;
import io.llmfleet.producer.event.Workers;
import io.llmfleet.producer.task.Targets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which models there are by which names, and which target a name stands for. */
public final class Models {

    private final Workers workers;
    private final Targets targets;
    private final Map<String, String> aliases;
    private final @Nullable String defaultModel;

    Models(Workers workers, Targets targets, OpenAiProperties properties) {
        this.workers = workers;
        this.targets = targets;
        this.aliases = properties.targets();
        this.defaultModel = properties.defaultModel();
    }

    /**
     * @throws OpenAiException if there is no model of this name, naming those that there are
     */
    public String target(String model) {
        String alias = aliases.get(model);
        if (alias != null) {
            return alias;
        }
        if (Names.TARGET.matcher(model).matches() && targets.accepts(model)) {
            return model;
        }
        if (defaultModel != null) {
            return defaultModel;
        }
        throw notFound(model);
    }

    OpenAiException notFound(String model) {
        String known = String.join(", ", owners().keySet());
        return OpenAiException.notFound(
                "model",
                "model_not_found",
                "The model '"
                        + model
                        + "' does not exist; there are: "
                        + (known.isEmpty() ? "none, because no worker is up" : known));
    }

    /** Every model that a live worker offers and every alias, each with who offers it. */
    Map<String, String> owners() {
        Map<String, String> owners = new TreeMap<>();
        workers.live().forEach(w -> w.models().forEach(m -> owners.putIfAbsent(m, w.pool())));
        aliases.forEach((alias, target) -> owners.putIfAbsent(alias, "alias of " + target));
        return owners;
    }
}
