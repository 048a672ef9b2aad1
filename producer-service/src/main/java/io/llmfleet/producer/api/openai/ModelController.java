package io.llmfleet.producer.api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

/** Lists models. */
@RestController
class ModelController {

    private static final String PATH = "/v1/models/";

    private final Models models;

    ModelController(Models models) {
        this.models = models;
    }

    /**
     * A model.
     *
     * @param created always 0: models of a fleet come and go
     */
    @JsonPropertyOrder({"id", "object", "created", "owned_by"})
    record Model(String id, String object, long created, @JsonProperty("owned_by") String ownedBy) {

        static Model of(String id, String owner) {
            return new Model(id, "model", 0, owner);
        }
    }

    record ModelList(String object, List<Model> data) {}

    @GetMapping("/v1/models")
    ModelList list() {
        return new ModelList(
                "list",
                models.owners().entrySet().stream()
                        .map(e -> Model.of(e.getKey(), e.getValue()))
                        .toList());
    }

    /** Names of models may have slashes. */
    @GetMapping("/v1/models/**")
    Model get(HttpServletRequest request) {
        String path = UriUtils.decode(request.getRequestURI(), "UTF-8");
        String id = path.substring(PATH.length());
        String owner = models.owners().get(id);
        if (owner == null) {
            throw models.notFound(id);
        }
        return Model.of(id, owner);
    }
}
