package io.llmfleet.producer.api.openai;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
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
    record Model(String id, String object, long created, String ownedBy) {

        static Model of(String id, String owner) {
            return new Model(id, "model", 0, owner);
        }

        Map<String, Object> json() {
            return Map.of("id", id, "object", object, "created", created, "owned_by", ownedBy);
        }
    }

    @GetMapping("/v1/models")
    Map<String, Object> list() {
        List<Map<String, Object>> data =
                models.owners().entrySet().stream()
                        .map(e -> Model.of(e.getKey(), e.getValue()).json())
                        .toList();
        return Map.of("object", "list", "data", data);
    }

    /** Names of models may have slashes. */
    @GetMapping("/v1/models/**")
    Map<String, Object> get(HttpServletRequest request) {
        String path = UriUtils.decode(request.getRequestURI(), "UTF-8");
        String id = path.substring(PATH.length());
        String owner = models.owners().get(id);
        if (owner == null) {
            throw models.notFound(id);
        }
        return Model.of(id, owner).json();
    }
}
