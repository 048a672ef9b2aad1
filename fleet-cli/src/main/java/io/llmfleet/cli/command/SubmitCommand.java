package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Hands over one task. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = "Hand over a task; print its id, or with --wait its answer.")
public final class SubmitCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofHours(24);

    @Mixin Session session = new Session();

    @Parameters(index = "0", paramLabel = "TYPE", description = "Such as chat or summarize.")
    String type = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description =
                    "JSON of the input or of a whole task, or a plain text; - is standard input.")
    String file = "";

    @Option(names = "--text", description = "The input as a text, instead of FILE.")
    String text = "";

    @Option(names = "--wait", description = "Wait for the answer and print it.")
    boolean wait;

    @Option(names = "--stream", description = "Print the answer as it is made.")
    boolean stream;

    @Option(names = "--target", description = "A pool, a model, or any.")
    String target = "";

    @Option(names = "--priority", description = "high, normal or low.")
    String priority = "";

    @Option(names = "--deadline", description = "A time, or a duration from now: PT30M.")
    String deadline = "";

    @Option(names = "--call-limit", description = "How long one attempt may take: PT2M.")
    String callLimit = "";

    @Option(names = "--conversation", description = "Tasks that share it belong together.")
    String conversation = "";

    @Option(names = "--metadata", paramLabel = "KEY=VALUE", description = "Kept with the task.")
    Map<String, String> metadata = new LinkedHashMap<>();

    @Option(
            names = "--parameter",
            paramLabel = "KEY=VALUE",
            description = "For the backend's call; the value is JSON or a text.")
    Map<String, String> parameters = new LinkedHashMap<>();

    @Option(names = "--delegate", description = "Let it send tasks to others.")
    boolean delegate;

    @Option(
            names = "--delegation",
            paramLabel = "KEY=NUMBER",
            description = "The same within bounds: maxDepth, maxTasks, maxTokens.")
    Map<String, Long> delegation = new LinkedHashMap<>();

    @Override
    public Integer call() {
        FleetApi api = session.api();
        JsonNode task = api.submit(request());
        String id = task.path("id").asString("");
        if (stream) {
            return new Following(api, session, id, session.interactive()).untilFinal();
        }
        if (wait) {
            return Waiting.report(session, Waiting.forFinal(api, id, PATIENCE));
        }
        session.print(task, id);
        return 0;
    }

    private ObjectNode request() {
        if (text.isEmpty() && file.isEmpty()) {
            throw new FleetException(
                    FleetException.USAGE, "give a FILE, - for standard input, or --text", null);
        }
        ObjectNode task =
                text.isEmpty()
                        ? TaskRequest.of(type, TaskRequest.read(file))
                        : TaskRequest.ofText(type, text);
        put(task, "target", target);
        put(task, "priority", priority);
        put(task, "deadline", deadline);
        put(task, "callLimit", callLimit);
        put(task, "conversation", conversation);
        metadata.forEach((k, v) -> task.withObjectProperty("metadata").put(k, v));
        parameters.forEach((k, v) -> task.withObjectProperty("parameters").set(k, value(v)));
        if (delegate || !delegation.isEmpty()) {
            ObjectNode bounds = task.withObjectProperty("delegation");
            delegation.forEach(bounds::put);
        }
        if (stream) {
            task.withObjectProperty("parameters").put("stream", true);
        }
        return task;
    }

    private static void put(ObjectNode task, String field, String value) {
        if (!value.isEmpty()) {
            task.put(field, value);
        }
    }

    private static JsonNode value(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (tools.jackson.core.JacksonException e) {
            return Json.MAPPER.getNodeFactory().stringNode(text);
        }
    }
}
