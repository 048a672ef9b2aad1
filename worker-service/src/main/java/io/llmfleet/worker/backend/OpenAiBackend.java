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
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Calls an OpenAI-compatible endpoint: one request per call, no retries of its own. */
final class OpenAiBackend implements Backend {

    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";

    private final BackendProperties.Endpoint endpoint;
    private final Set<String> types;
    private final String url;
    private final HttpClient client;

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
        this.url = endpoint.baseUrl().toString().replaceFirst("/+$", "");
        this.client =
                HttpClient.newBuilder()
                        .connectTimeout(endpoint.connectLimit())
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
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
        } catch (IOException e) {
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

    private Response send(OpenAiRequest request, Call call) throws IOException {
        HttpResponse<InputStream> response = begin(post(request, call));
        try (InputStream body = response.body()) {
            return read(response, body, call.deltas());
        }
    }

    private HttpRequest post(OpenAiRequest request, Call call) {
        HttpRequest.Builder post =
                HttpRequest.newBuilder(URI.create(url + request.path()))
                        .header("Content-Type", JSON)
                        .header("Accept", call.deltas().wanted() ? EVENTS + ", " + JSON : JSON)
                        .header(Headers.TRACE_PARENT, call.traceParent())
                        .POST(BodyPublishers.ofByteArray(Json.bytes(request.body())));
        String key = endpoint.apiKey();
        if (key != null && !key.isBlank()) {
            post.header("Authorization", "Bearer " + key);
        }
        return post.build();
    }

    /** Waits until the answer begins; a thread that is interrupted gives the call up. */
    private HttpResponse<InputStream> begin(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<InputStream>> begun =
                client.sendAsync(request, BodyHandlers.ofInputStream());
        try {
            return begun.get(endpoint.firstByteLimit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer within " + endpoint.firstByteLimit());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the call was given up");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            begun.cancel(true);
        }
    }

    /** A backend that cannot stream answers as a whole, which is taken as well. */
    private Response read(HttpResponse<?> response, InputStream body, DeltaSink deltas)
            throws IOException {
        if (response.statusCode() != 200) {
            return new Response.Refused(
                    response.statusCode(),
                    response.headers().firstValue("Retry-After").orElse(null));
        }
        int limit = (int) endpoint.maxResponse().toBytes();
        String type = response.headers().firstValue("Content-Type").orElse("");
        try {
            if (type.regionMatches(true, 0, EVENTS, 0, EVENTS.length())) {
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
        BackendProperties.Price price = endpoint.price(model);
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
}
