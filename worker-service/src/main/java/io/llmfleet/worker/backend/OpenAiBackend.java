package io.llmfleet.worker.backend;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Usage;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.Headers;
import io.llmfleet.wire.Json;
import io.llmfleet.worker.recovery.FailureClassifier;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;

/** Calls an OpenAI-compatible endpoint: one request per call, no retries of its own. */
final class OpenAiBackend implements Backend {

    private final BackendProperties.Endpoint endpoint;
    private final Set<String> types;
    private final RestClient client;

    /** What came back: a refusal, a body as it is, or a streamed answer that was put together. */
    private sealed interface Response {

        record Refused(int status, @Nullable String retryAfter) implements Response {}

        @SuppressWarnings("ArrayRecordComponent")
        record Whole(byte[] body) implements Response {}

        record Streamed(OpenAiStream.Read read) implements Response {}

        record TooLarge() implements Response {}
    }

    OpenAiBackend(BackendProperties.Endpoint endpoint, TaskTypes known) {
        this.endpoint = endpoint;
        this.types = endpoint.types().isEmpty() ? new HashSet<>(known.names()) : endpoint.types();
        this.client = client(endpoint);
    }

    @Override
    public String name() {
        return endpoint.name();
    }

    @Override
    public List<String> models() {
        return endpoint.models();
    }

    @Override
    public Set<String> types() {
        return types;
    }

    @Override
    public Answer call(Call call) {
        String model = call.model() == null ? endpoint.models().getFirst() : call.model();
        OpenAiRequest request = OpenAiRequest.of(call, model);
        Instant start = Instant.now();
        Response response;
        try {
            response = send(request, call);
        } catch (RestClientException e) {
            return new Answer.Failed(FailureClassifier.ofException(name(), e));
        }
        return switch (response) {
            case Response.Refused(int status, String retryAfter) ->
                    new Answer.Failed(
                            FailureClassifier.ofStatus(name(), status, retryAfter, Instant.now()));
            case Response.TooLarge _ -> tooLarge();
            case Response.Whole(byte[] body) ->
                    read(call, body, model, Duration.between(start, Instant.now()));
            case Response.Streamed(OpenAiStream.Read.Failed(Failure failure)) ->
                    new Answer.Failed(failure);
            case Response.Streamed(OpenAiStream.Read.Complete(JsonNode answer)) ->
                    read(call, answer, model, Duration.between(start, Instant.now()));
        };
    }

    private Response send(OpenAiRequest request, Call call) {
        DeltaSink deltas = call.deltas();
        return client.post()
                .uri(request.path())
                .header(Headers.TRACE_PARENT, call.traceParent())
                .contentType(MediaType.APPLICATION_JSON)
                .accept(
                        deltas.wanted()
                                ? new MediaType[] {
                                    MediaType.TEXT_EVENT_STREAM, MediaType.APPLICATION_JSON
                                }
                                : new MediaType[] {MediaType.APPLICATION_JSON})
                .body(Json.bytes(request.body()))
                .exchangeForRequiredValue((sent, response) -> read(response, deltas));
    }

    /** A backend that cannot stream answers as a whole, which is taken as well. */
    private Response read(ClientHttpResponse response, DeltaSink deltas) throws IOException {
        int status = response.getStatusCode().value();
        if (status != 200) {
            return new Response.Refused(status, response.getHeaders().getFirst("Retry-After"));
        }
        int limit = (int) endpoint.maxResponse().toBytes();
        MediaType type = response.getHeaders().getContentType();
        try (InputStream body = response.getBody()) {
            if (type != null && type.isCompatibleWith(MediaType.TEXT_EVENT_STREAM)) {
                return new Response.Streamed(new OpenAiStream(name(), deltas).read(body, limit));
            }
            byte[] bytes = body.readNBytes(limit + 1);
            return bytes.length > limit ? new Response.TooLarge() : new Response.Whole(bytes);
        } catch (ServerSentEvents.TooLargeException e) {
            return new Response.TooLarge();
        }
    }

    private Answer read(Call call, byte[] body, String model, Duration took) {
        JsonNode answer;
        try {
            answer = Json.tree(body);
        } catch (RuntimeException e) {
            return invalid("backend '" + name() + "' answered with something that is not JSON");
        }
        return read(call, answer, model, took);
    }

    private Answer read(Call call, JsonNode answer, String model, Duration took) {
        OpenAiAnswer.Read read = OpenAiAnswer.read(call, answer);
        return switch (read) {
            case OpenAiAnswer.Read.Output output ->
                    new Answer.Done(
                            output.value(),
                            usage(answer, model, took),
                            answer.path("model").asString(model));
            case OpenAiAnswer.Read.Broken broken ->
                    new Answer.Failed(
                            Failure.of(FailureCode.OUTPUT_INVALID, broken.why())
                                    .used(usage(answer, model, took)));
        };
    }

    /** Asked again it would be as large, and cost as much. */
    private Answer tooLarge() {
        String message =
                "the answer of backend '"
                        + name()
                        + "' has more than the accepted "
                        + endpoint.maxResponse();
        return new Answer.Failed(Failure.of(FailureCode.RESULT_TOO_LARGE, message));
    }

    private static Answer invalid(String why) {
        return new Answer.Failed(Failure.of(FailureCode.OUTPUT_INVALID, why));
    }

    private Usage usage(JsonNode answer, String model, Duration took) {
        long in = answer.path("usage").path("prompt_tokens").asLong(0);
        long out = answer.path("usage").path("completion_tokens").asLong(0);
        BackendProperties.Price price = endpoint.prices().get(model);
        BigDecimal cost =
                price == null
                        ? null
                        : price.input()
                                .multiply(BigDecimal.valueOf(in))
                                .add(price.output().multiply(BigDecimal.valueOf(out)))
                                .divide(BigDecimal.valueOf(1_000_000), 8, RoundingMode.HALF_UP)
                                .stripTrailingZeros();
        return new Usage(in, out, cost, took.toMillis());
    }

    private static RestClient client(BackendProperties.Endpoint endpoint) {
        HttpClient http =
                HttpClient.newBuilder()
                        .connectTimeout(endpoint.connectLimit())
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
        JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(http);
        factory.setReadTimeout(endpoint.firstByteLimit());
        RestClient.Builder builder =
                RestClient.builder().baseUrl(endpoint.baseUrl().toString()).requestFactory(factory);
        String key = endpoint.apiKey();
        if (key != null && !key.isBlank()) {
            builder.defaultHeader("Authorization", "Bearer " + key);
        }
        return builder.build();
    }
}
