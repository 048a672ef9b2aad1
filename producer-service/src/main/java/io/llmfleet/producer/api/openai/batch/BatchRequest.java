package io.llmfleet.producer.api.openai.batch;

import io.llmfleet.producer.api.openai.ApiRequest;
import io.llmfleet.producer.api.openai.OpenAiException;
import io.llmfleet.producer.file.Files;
import io.llmfleet.producer.file.StoredFile;
import io.llmfleet.producer.job.NewJob;
import io.llmfleet.producer.task.StorableJson;
import io.llmfleet.producer.task.WebAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks a request for a batch. */
final class BatchRequest {

    private static final String WINDOW = "completion_window";
    private static final Pattern DURATION = Pattern.compile("(\\d{1,5})([smh])");
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int PAIRS = 16;
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 512;

    private final ApiRequest request;
    private final ObjectNode body;

    private BatchRequest(ApiRequest request) {
        this.request = request;
        this.body = request.body();
    }

    /**
     * @param endpoints that are accepted
     * @param files to look the input up
     * @throws OpenAiException naming the field that is wrong
     */
    static NewJob read(ApiRequest request, List<String> endpoints, Files files) {
        BatchRequest batch = new BatchRequest(request);
        batch.requireStorable();
        String window = batch.text(WINDOW, "accepted: 24h");
        return new NewJob(
                request.caller().tenant(),
                request.caller().key(),
                batch.endpoint(endpoints),
                batch.input(files).id(),
                window(window),
                window,
                batch.metadata(),
                batch.webhook(),
                request.traceParent());
    }

    private void requireStorable() {
        StorableJson.firstError(body)
                .ifPresent(
                        e -> {
                            throw OpenAiException.invalid(
                                    e.field(), "invalid_value", e.field() + " " + e.message());
                        });
    }

    private String text(String field, String accepted) {
        JsonNode value = body.path(field);
        if (!value.isString() || value.stringValue().isBlank()) {
            throw OpenAiException.invalid(field, null, field + " is required; " + accepted);
        }
        return value.stringValue();
    }

    private String endpoint(List<String> endpoints) {
        String accepted = "accepted: " + String.join(", ", endpoints);
        String endpoint = text("endpoint", accepted);
        if (!endpoints.contains(endpoint)) {
            throw OpenAiException.invalid(
                    "endpoint", "invalid_endpoint", "endpoint is not one of batches; " + accepted);
        }
        return endpoint;
    }

    private StoredFile input(Files files) {
        String id = text("input_file_id", "accepted: the id of a file of the purpose batch");
        Optional<StoredFile> file =
                WireId.FILE.read(id).flatMap(f -> files.find(request.caller().tenant(), f));
        if (file.isEmpty()) {
            throw OpenAiException.invalid(
                    "input_file_id", "file_not_found", "There is no file " + id + ".");
        }
        if (!file.get().purpose().equals("batch")) {
            throw OpenAiException.invalid(
                    "input_file_id",
                    "invalid_purpose",
                    "The file has the purpose " + file.get().purpose() + "; accepted: batch");
        }
        return file.get();
    }

    private static Duration window(String text) {
        Matcher parts = DURATION.matcher(text);
        Duration window = Duration.ZERO;
        if (parts.matches()) {
            window = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        }
        if (window.isZero() || window.compareTo(LONGEST) > 0) {
            throw OpenAiException.invalid(
                    WINDOW,
                    null,
                    WINDOW + ": accepted: 24h, or less as a number with h, m or s such as 90m");
        }
        return window;
    }

    private Map<String, String> metadata() {
        JsonNode given = body.path("metadata");
        Map<String, String> metadata = new LinkedHashMap<>();
        if (given.isMissingNode() || given.isNull()) {
            return metadata;
        }
        boolean good = given.isObject() && given.size() <= PAIRS;
        if (good) {
            for (Map.Entry<String, JsonNode> pair : given.properties()) {
                String value = pair.getValue().isString() ? pair.getValue().stringValue() : null;
                good &= pair.getKey().length() <= LONGEST_KEY;
                good &= value != null && value.length() <= LONGEST_VALUE;
                metadata.put(pair.getKey(), value == null ? "" : value);
            }
        }
        if (!good) {
            throw OpenAiException.invalid(
                    "metadata",
                    null,
                    "metadata: accepted: up to 16 pairs of texts, keys of up to 64 characters and"
                            + " values of up to 512");
        }
        return metadata;
    }

    private @Nullable String webhook() {
        JsonNode given = body.path("webhook");
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        if (!given.isString() || !WebAddress.isAccepted(given.stringValue())) {
            throw OpenAiException.invalid(
                    "webhook", null, "webhook must be " + WebAddress.ACCEPTED);
        }
        return given.stringValue();
    }
}
