package io.llmfleet.worker.builtin;

import io.llmfleet.model.Failure;
import io.llmfleet.model.FailureCode;
import io.llmfleet.model.Usage;
import io.llmfleet.wire.Json;
import io.llmfleet.worker.backend.Backend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The engine in the worker's own process, without network or key. It finds and chooses, it does not
 * write: what needs a generative model fails at once as UNSUPPORTED.
 */
public final class BuiltinBackend implements Backend {

    public static final String MODEL = "builtin-minilm";

    private static final String INSTEAD =
            "; configure an LLM backend for it (LLM_BASE_URL, LLM_API_KEY, LLM_MODEL)";
    private static final String NOTHING_TO_ANSWER_FROM =
            "This is "
                    + MODEL
                    + ", which answers from the text it is given and was given none. For free answers configure an LLM"
                    + " backend (LLM_BASE_URL, LLM_API_KEY, LLM_MODEL).";
    private static final int DEFAULT_SENTENCES = 3;
    private static final int DEFAULT_PASSAGES = 3;
    private static final int DEFAULT_LIMIT = 10;
    private static final int CHAT_SENTENCES = 2;

    private final TextEngine engine;

    /**
     * @param threads that the encoder may use at once
     */
    public BuiltinBackend(int threads) {
        this.engine = new TextEngine(new Encoder(threads));
    }

    @Override
    public String name() {
        return "builtin";
    }

    @Override
    public List<String> models() {
        return List.of(MODEL);
    }

    @Override
    public Set<String> types() {
        return Set.of(
                "chat",
                "generate",
                "summarize",
                "translate",
                "classify",
                "extract",
                "answer",
                "embed");
    }

    @Override
    public Answer call(Call call) {
        Instant start = Instant.now();
        JsonNode input = call.input();
        return switch (call.type().name()) {
            case "embed" ->
                    isTokens(input)
                            ? unsupported("embedding of tokens")
                            : done(embed(input), input, start);
            case "classify" -> done(classify(input), input, start);
            case "answer" -> done(answer(input), input, start);
            case "summarize" -> done(summarize(input), input, start);
            case "extract" -> extract(input, start);
            case "chat" -> done(chat(input), input, start);
            case "generate" -> generate(input, start);
            default -> unsupported("'" + call.type().name() + "'");
        };
    }

    private static boolean isTokens(JsonNode input) {
        JsonNode first = input.path("input").path(0);
        return first.isNumber() || first.isArray();
    }

    private ObjectNode embed(JsonNode input) {
        JsonNode wanted = input.has("input") ? input.get("input") : input.get("text");
        ObjectNode list = Json.MAPPER.createObjectNode().put("object", "list").put("model", MODEL);
        ArrayNode data = list.putArray("data");
        List<float[]> vectors = engine.embed(texts(wanted));
        for (int i = 0; i < vectors.size(); i++) {
            ObjectNode item = data.addObject().put("object", "embedding").put("index", i);
            ArrayNode numbers = item.putArray("embedding");
            for (float number : vectors.get(i)) {
                numbers.add(number);
            }
        }
        long words = words(wanted);
        list.putObject("usage").put("prompt_tokens", words).put("total_tokens", words);
        return list;
    }

    private ObjectNode classify(JsonNode input) {
        List<String> names = new ArrayList<>();
        List<String> descriptions = new ArrayList<>();
        for (JsonNode label : input.get("labels")) {
            String name = label.isString() ? label.asString() : label.get("name").asString();
            String description = label.path("description").asString("");
            names.add(name);
            descriptions.add(description.isBlank() ? name : name + ": " + description);
        }
        List<TextEngine.Scored> scored =
                engine.classify(input.get("text").asString(), names, descriptions);
        ObjectNode output = Json.MAPPER.createObjectNode().put("label", scored.getFirst().text());
        ArrayNode scores = output.putArray("scores");
        scored.forEach(
                s -> scores.addObject().put("label", s.text()).put("score", rounded(s.score())));
        return output;
    }

    private ObjectNode answer(JsonNode input) {
        int count = input.path("passages").asInt(DEFAULT_PASSAGES);
        List<TextEngine.Passage> passages =
                engine.answer(input.get("question").asString(), texts(input.get("context")), count);
        ObjectNode output =
                Json.MAPPER
                        .createObjectNode()
                        .put("answer", passages.isEmpty() ? "" : passages.getFirst().text());
        ArrayNode found = output.putArray("passages");
        passages.forEach(
                p ->
                        found.addObject()
                                .put("text", p.text())
                                .put("score", rounded(p.score()))
                                .put("source", p.source()));
        return output;
    }

    private ObjectNode summarize(JsonNode input) {
        JsonNode focus = input.get("focus");
        String summary =
                engine.summarize(
                        input.get("text").asString(),
                        input.path("sentences").asInt(DEFAULT_SENTENCES),
                        focus == null ? null : focus.asString());
        return Json.MAPPER.createObjectNode().put("summary", summary);
    }

    private Answer extract(JsonNode input, Instant start) {
        String what = input.path("what").asString("keyphrases");
        if (!what.equals("keyphrases")) {
            return unsupported("extracting " + what);
        }
        ObjectNode output = Json.MAPPER.createObjectNode();
        ArrayNode phrases = output.putArray("keyPhrases");
        engine.keyPhrases(input.get("text").asString(), input.path("limit").asInt(DEFAULT_LIMIT))
                .forEach(
                        s ->
                                phrases.addObject()
                                        .put("phrase", s.text())
                                        .put("score", rounded(s.score())));
        return done(output, input, start);
    }

    private ObjectNode chat(JsonNode input) {
        ObjectNode message = DelegatingChat.message(input).orElseGet(() -> answered(input));
        ObjectNode completion =
                Json.MAPPER
                        .createObjectNode()
                        .put("id", "chatcmpl-" + java.util.UUID.randomUUID())
                        .put("object", "chat.completion")
                        .put("created", Instant.now().getEpochSecond())
                        .put("model", MODEL);
        ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
        choice.set("message", message);
        choice.putNull("logprobs");
        choice.put("finish_reason", message.has("tool_calls") ? "tool_calls" : "stop");
        long in = words(input);
        long out = message.path("content").asString("").split("\\s+").length;
        completion
                .putObject("usage")
                .put("prompt_tokens", in)
                .put("completion_tokens", out)
                .put("total_tokens", in + out);
        return completion;
    }

    private ObjectNode answered(JsonNode input) {
        return Json.MAPPER
                .createObjectNode()
                .put("role", "assistant")
                .put("content", reply(ChatText.of(input)));
    }

    private Answer generate(JsonNode input, Instant start) {
        if (input.has("schema")) {
            return unsupported("generating JSON for a schema");
        }
        ChatText text =
                ChatText.split(input.get("prompt").asString(), input.path("system").asString(""));
        return done(Json.MAPPER.createObjectNode().put("text", reply(text)), input, start);
    }

    private String reply(ChatText text) {
        if (text.context().isBlank()) {
            return NOTHING_TO_ANSWER_FROM;
        }
        return String.join(
                " ",
                engine.answer(text.question(), List.of(text.context()), CHAT_SENTENCES).stream()
                        .map(TextEngine.Passage::text)
                        .toList());
    }

    private static Answer done(ObjectNode output, JsonNode input, Instant start) {
        long took = Duration.between(start, Instant.now()).toMillis();
        return new Answer.Done(output, new Usage(words(input), 0, null, took), MODEL);
    }

    private static Answer unsupported(String what) {
        return new Answer.Failed(
                Failure.of(FailureCode.UNSUPPORTED, MODEL + " does not do " + what + INSTEAD));
    }

    private static List<String> texts(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false).map(JsonNode::asString).toList()
                : List.of(node.asString());
    }

    /** The engine counts words where others count tokens. */
    private static long words(JsonNode node) {
        if (node.isString()) {
            return node.asString().strip().split("\\s+").length;
        }
        long sum = 0;
        for (JsonNode child : node) {
            sum += words(child);
        }
        return sum;
    }

    private static double rounded(double score) {
        return Math.round(score * 10_000) / 10_000.0;
    }
}
